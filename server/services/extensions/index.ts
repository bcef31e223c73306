export { extensionsToLoad, openExtensions } from './open-extensions.ts';
export type { ExtensionFolder, KeptExtension } from '#server/engine/extensions/extension-folder.ts';
