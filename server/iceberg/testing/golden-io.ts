import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '../../storage/file-io.ts';

const FOLDER = join(import.meta.dirname, '..', 'testdata', 'tables');

/** Where a golden table is; its files are found by name alone, whatever location its metadata gives them. */
export function goldenTable(name: string): {
  readonly folder: string;
  readonly metadataFile: string;
  readonly io: FileIO;
} {
  const folder = join(FOLDER, name);
  const metadataFile = readdirSync(folder).find((file) => file.endsWith('.metadata.json'));
  if (metadataFile === undefined) throw new AppError('FILE_NOT_FOUND', `${folder} has no metadata`);
  const pathOf = (location: string) => {
    const path = join(folder, location.slice(location.lastIndexOf('/') + 1));
    if (!existsSync(path))
      throw new AppError('FILE_NOT_FOUND', `There is no ${location}.`, { context: { location } });
    return path;
  };
  const refuse = () => Promise.reject(new AppError('UNSUPPORTED', 'Golden files are only read.'));
  const io: FileIO = {
    root: 'golden://',
    read: async (location) => new Uint8Array(readFileSync(pathOf(location))),
    stat: async (location) => {
      const { size, mtime } = statSync(pathOf(location));
      return { location, size, modifiedAt: mtime };
    },
    exists: async (location) => existsSync(join(folder, location.slice(location.lastIndexOf('/') + 1))),
    putIfAbsent: refuse,
    adopt: refuse,
    delete: refuse,
    list: async function* () {},
    localPath: () => null,
  };
  return { folder, metadataFile, io };
}
