import { basename } from 'node:path';
import { openSandbox } from '../duckdb/sandbox.ts';
import type { TabExtension } from './extension-folder.ts';
import { SMALL_ENGINE } from './try-extensions.ts';

/** What the engines of this process load when they start, and what it gives to tabs. */
export interface LoadedExtensions {
  readonly paths: readonly string[];
  /** Functions and types that only they have, in lower case, and that tabs have no file for. */
  readonly names: ReadonlySet<string>;
  readonly forTabs: readonly TabExtension[];
}

export const NO_EXTENSIONS: LoadedExtensions = { paths: [], names: new Set(), forTabs: [] };

/** The build that nearly every tab runs. In one of another build the query fails, and the server answers it. */
const TAB_PLATFORM = 'wasm_threads';
const NAMES = `
  SELECT lower(function_name) FROM duckdb_functions()
  UNION SELECT lower(type_name) FROM duckdb_types()`;

/**
 * @param paths as ExtensionFolder.loadable gives them
 * @param forTabs as ExtensionFolder.forTabs gives them
 */
export async function loadedExtensions(
  paths: readonly string[],
  forTabs: readonly TabExtension[],
): Promise<LoadedExtensions> {
  if (paths.length === 0) return { ...NO_EXTENSIONS, forTabs };
  const inTabs = new Set(forTabs.filter(({ platform }) => platform === TAB_PLATFORM).map(({ name }) => name));
  const having = (path: string) => inTabs.has(basename(path, '.duckdb_extension'));
  const [without, all] = await Promise.all([namesIn(paths.filter(having)), namesIn(paths)]);
  return { paths, names: new Set([...all].filter((name) => !without.has(name))), forTabs };
}

async function namesIn(extensions: readonly string[]): Promise<Set<string>> {
  const instance = await openSandbox({ ...SMALL_ENGINE, extensions });
  try {
    const rows = (await (await instance.connect()).runAndReadAll(NAMES)).getRowsJS();
    return new Set(rows.map(([name]) => name as string));
  } finally {
    instance.closeSync();
  }
}
