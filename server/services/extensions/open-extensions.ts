import { existsSync } from 'node:fs';
import { ExtensionFolder } from '#server/engine/extensions/extension-folder.ts';
import {
  loadedExtensions,
  NO_EXTENSIONS,
  type LoadedExtensions,
} from '#server/engine/extensions/loaded-extensions.ts';
import { engineIdentity } from '#server/engine/extensions/try-extensions.ts';

/** The extensions of a lakehouse, for the engine that this process has. */
export async function openExtensions(folder: string): Promise<ExtensionFolder> {
  return new ExtensionFolder(folder, await engineIdentity());
}

/**
 * What the engines of a lakehouse are to load.
 *
 * @param onRefused told why one that is there is not among them
 */
export async function extensionsToLoad(
  folder: string,
  onRefused: (error: unknown) => void,
): Promise<LoadedExtensions> {
  // Most lakehouses have none, and the engine need not be asked what it is.
  if (!existsSync(folder)) return NO_EXTENSIONS;
  const extensions = await openExtensions(folder);
  return loadedExtensions(await extensions.loadable(onRefused), await extensions.forTabs());
}
