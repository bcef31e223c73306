import { openSandbox } from '../duckdb/sandbox.ts';
import { SMALL_ENGINE } from './try-extensions.ts';

/** What the engines of this process load when they start. */
export interface LoadedExtensions {
  readonly paths: readonly string[];
  /** Functions and types that only they have, in lower case: the tab has none of them. */
  readonly names: ReadonlySet<string>;
}

const NAMES = `
  SELECT lower(function_name) FROM duckdb_functions()
  UNION SELECT lower(type_name) FROM duckdb_types()`;

/** @param paths as ExtensionFolder.loadable gives them */
export async function loadedExtensions(paths: readonly string[]): Promise<LoadedExtensions> {
  if (paths.length === 0) return { paths, names: new Set() };
  const [without, having] = await Promise.all([namesIn([]), namesIn(paths)]);
  return { paths, names: new Set([...having].filter((name) => !without.has(name))) };
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
