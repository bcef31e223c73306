import { existsSync } from 'node:fs';
import { ExtensionFolder } from '#server/engine/extensions/extension-folder.ts';
import { loadedExtensions, type LoadedExtensions } from '#server/engine/extensions/loaded-extensions.ts';
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
  return loadedExtensions(existsSync(folder) ? await (await openExtensions(folder)).loadable(onRefused) : []);
}
