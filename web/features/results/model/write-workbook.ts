import type { RowTaker } from '#web/duckdb/types.ts';
import { releaseFile } from '#web/duckdb/local/workbook-target.ts';
import { WorkbookWriter } from '#web/duckdb/local/workbook-writer.ts';
import { saveBlob, type SaveTarget } from './save-file.ts';

/**
 * Writes an answer's rows to an Excel workbook on disk as they come, without holding them.
 *
 * @param run gives the rows to what takes them
 * @throws as WorkbookWriter and `run`
 */
export async function writeWorkbook(
  run: (taker: RowTaker) => Promise<unknown>,
  fileName: string,
  target: SaveTarget,
): Promise<{ readonly rows: number; readonly bytes: number; readonly notes: readonly string[] }> {
  const writer = new WorkbookWriter(target);
  await run(writer);
  const { rows, bytes, notes, file } = writer.written;
  if (file !== null)
    await saveBlob(file, fileName, null, () => {
      releaseFile(file).catch(() => undefined);
    });
  return { rows, bytes, notes };
}
