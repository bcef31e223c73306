import type { DataFile } from '../manifest/data-file.ts';
import type { PlannedFile } from '../scan/plan-files.ts';
import { fileKeyOf } from '../transaction/file-key.ts';

/** Which delete files have nothing left to delete once data files are rewritten without their deleted rows. */
export class CoveredDeletes {
  readonly #left = new Map<string, { readonly file: DataFile; readonly dataFiles: Set<string> }>();

  constructor(planned: readonly PlannedFile[]) {
    for (const { file, deletes } of planned) {
      for (const { file: deleteFile } of deletes) {
        const key = fileKeyOf(deleteFile);
        const known = this.#left.get(key) ?? { file: deleteFile, dataFiles: new Set<string>() };
        known.dataFiles.add(file.filePath);
        this.#left.set(key, known);
      }
    }
  }

  /** Those that nothing needs any more once these data files go too. */
  without(rewritten: readonly PlannedFile[]): readonly DataFile[] {
    const gone = new Set(rewritten.map(({ file }) => file.filePath));
    const keys = new Set(rewritten.flatMap(({ deletes }) => deletes.map(({ file }) => fileKeyOf(file))));
    return [...keys].flatMap((key) => {
      const known = this.#left.get(key);
      return known !== undefined && [...known.dataFiles].every((path) => gone.has(path)) ? [known.file] : [];
    });
  }

  /** These data files are gone: no rewrite of them that fails may be told of, whose deletes still apply. */
  landed(rewritten: readonly PlannedFile[]): void {
    for (const { file, deletes } of rewritten)
      for (const { file: deleteFile } of deletes)
        this.#left.get(fileKeyOf(deleteFile))?.dataFiles.delete(file.filePath);
  }
}
