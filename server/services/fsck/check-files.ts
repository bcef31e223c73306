import { parquetRowCount } from '#server/engine/files/parquet-row-count.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import type { ManifestView } from '#server/iceberg/manifest/manifest-view.ts';
import type { CheckOptions } from './check-table.ts';
import { damage, type Findings, type Place } from './findings.ts';
import type { FsckContext } from './fsck-context.ts';

/** Files looked at at once: most of the time is waiting for a store. */
const AT_ONCE = 16;

/** The live files of a manifest, as far as no other manifest named them: they are there, and as large as was written. */
export async function checkFiles(
  ctx: FsckContext,
  findings: Findings,
  place: Place,
  view: ManifestView,
  options: CheckOptions,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < view.size) {
      options.signal?.throwIfAborted();
      const index = next;
      next += 1;
      if (!view.isLive(index)) continue;
      const { dataFile } = view.entry(index);
      // Deletion vectors of several files lie in one.
      const role = dataFile.contentOffset === undefined ? 'file' : `vector ${dataFile.contentOffset}`;
      if (!findings.isNew(role, dataFile.filePath)) continue;
      findings.counts.files += 1;
      const problem = await problemOf(ctx, findings, dataFile, options).catch((error: unknown) =>
        damage(error),
      );
      if (problem === null) continue;
      const kind = dataFile.content === 'data' ? 'data-file' : 'delete-file';
      findings.add({ kind, ...place, file: dataFile.filePath, problem });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function problemOf(
  ctx: FsckContext,
  findings: Findings,
  file: DataFile,
  { deep, signal }: CheckOptions,
): Promise<string | null> {
  const { size } = await ctx.io.stat(file.filePath);
  if (file.contentOffset === undefined) {
    findings.bytes += BigInt(size);
    if (BigInt(size) !== file.fileSizeInBytes)
      return `The file has ${size} bytes, where ${file.fileSizeInBytes} were written.`;
  } else {
    const length = file.contentSizeInBytes ?? 0n;
    findings.bytes += length;
    if (BigInt(size) < file.contentOffset + length)
      return `The file has ${size} bytes, and a deletion vector ends at byte ${file.contentOffset + length}.`;
  }
  if (!deep || file.fileFormat !== 'PARQUET') return null;
  const rows = await parquetRowCount(ctx.io, file.filePath, signal);
  return rows === file.recordCount
    ? null
    : `The file has ${rows} rows, where ${file.recordCount} were written.`;
}
