import type { DataFile } from '../manifest/data-file.ts';

/** Names one file of a table: many deletion vectors can be in one Puffin file, which is no reason to mix them up. */
export function fileKeyOf(file: Pick<DataFile, 'filePath' | 'contentOffset'>): string {
  return file.contentOffset === undefined ? file.filePath : `${file.filePath}#${file.contentOffset}`;
}
