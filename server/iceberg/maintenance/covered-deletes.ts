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

  /** Those that nothing needs any more now that these data files go too; each is given once. */
  without(rewritten: readonly PlannedFile[]): readonly DataFile[] {
    const covered: DataFile[] = [];
    for (const { file, deletes } of rewritten) {
      for (const { file: deleteFile } of deletes) {
        const key = fileKeyOf(deleteFile);
        const known = this.#left.get(key);
        known?.dataFiles.delete(file.filePath);
        if (known?.dataFiles.size !== 0) continue;
        this.#left.delete(key);
        covered.push(known.file);
      }
    }
    return covered;
  }
}
