import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { deletionVectorBlob } from '../../iceberg/deletes/deletion-vector.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { dataLocation } from '../../iceberg/metadata/locations.ts';
import { writePuffin } from '../../iceberg/puffin/write-puffin.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { parseReturnStats } from '../../iceberg/transaction/duckdb-stats.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { EngineSession } from '../execute/engine-session.ts';

/** A data file with rows that are to go. */
export interface PartlyDeleted {
  readonly planned: PlannedFile;
  /** Rows that were deleted before. */
  readonly before: PositionSet;
  readonly positions: PositionSet;
}

export interface WrittenDeletes {
  readonly deleteFiles: readonly DataFile[];
  /** Delete files that the new ones follow. */
  readonly followed: readonly DataFile[];
}

export interface WriteDeletesInput {
  readonly session: EngineSession;
  readonly io: FileIO;
  readonly metadata: TableMetadata;
  readonly files: readonly PartlyDeleted[];
  /** Local folder that the engine may write to. */
  readonly directory: string;
}

const FILE_PATH_ID = 2147483546;
const POS_ID = 2147483545;

/** Deletes rows by their places: in v3 by a deletion vector for each data file, in v2 by a position delete file. */
export async function writeDeletes(input: WriteDeletesInput): Promise<WrittenDeletes> {
  if (input.files.length === 0) return { deleteFiles: [], followed: [] };
  return input.metadata.formatVersion >= 3 ? writeVectors(input) : writePositionFiles(input);
}

/** One Puffin file has them all. A data file has one vector, so it takes over the rows that were deleted before. */
async function writeVectors({ io, metadata, files }: WriteDeletesInput): Promise<WrittenDeletes> {
  const sets = files.map(({ before, positions }) => before.union(positions));
  const { bytes, blobs } = writePuffin({
    blobs: files.map(({ planned }, index) =>
      deletionVectorBlob(planned.file.filePath, sets[index] ?? PositionSet.EMPTY),
    ),
    properties: { 'created-by': 'timestream' },
  });
  const filePath = `${dataLocation(metadata)}/${randomUUID()}-deletes.puffin`;
  await io.putIfAbsent(filePath, bytes);
  return {
    deleteFiles: files.map(({ planned: { file } }, index) => ({
      content: 'position-deletes',
      filePath,
      fileFormat: 'PUFFIN',
      specId: file.specId,
      partition: file.partition,
      recordCount: BigInt(sets[index]?.size ?? 0),
      fileSizeInBytes: BigInt(bytes.length),
      referencedDataFile: file.filePath,
      contentOffset: BigInt(blobs[index]?.offset ?? 0),
      contentSizeInBytes: BigInt(blobs[index]?.length ?? 0),
    })),
    followed: files.flatMap(({ planned }) => ownDeletes(planned)),
  };
}

/** Delete files that are of this data file alone. */
export function ownDeletes({ file, deletes }: PlannedFile): readonly DataFile[] {
  return deletes
    .map((planned) => planned.file)
    .filter(({ referencedDataFile }) => referencedDataFile === file.filePath);
}

async function writePositionFiles({
  session,
  io,
  metadata,
  files,
  directory,
}: WriteDeletesInput): Promise<WrittenDeletes> {
  const folder = join(directory, randomUUID());
  await mkdir(folder, { recursive: true });
  const deleteFiles: DataFile[] = [];
  try {
    for (const [index, { planned, positions }] of files.entries()) {
      const path = join(folder, `${index}.parquet`);
      await session.run(`CREATE OR REPLACE TEMP TABLE _timestream_gone (pos BIGINT)`);
      const all = [...positions];
      for (let at = 0; at < all.length; at += 10_000)
        await session.run(
          `INSERT INTO _timestream_gone SELECT unnest([${all.slice(at, at + 10_000).join(', ')}]::BIGINT[])`,
        );
      const [row = {}] = await session.run(
        `COPY (SELECT ${quoteLiteral(planned.file.filePath)} AS file_path, pos FROM _timestream_gone ORDER BY pos) TO ${quoteLiteral(path)}
         (FORMAT parquet, FIELD_IDS {file_path: ${FILE_PATH_ID}, pos: ${POS_ID}}, RETURN_STATS, COMPRESSION zstd)`,
      );
      const { fileSizeInBytes } = parseReturnStats(row);
      const filePath = `${dataLocation(metadata)}/${randomUUID()}-deletes.parquet`;
      await io.adopt(path, filePath);
      deleteFiles.push(positionDeleteFile(filePath, fileSizeInBytes, planned.file, positions));
    }
    return { deleteFiles, followed: [] };
  } catch (error) {
    await Promise.allSettled(deleteFiles.map(({ filePath }) => io.delete(filePath)));
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Equal bounds of file_path say of which data file alone it is, for readers that do not know of referencedDataFile. */
function positionDeleteFile(
  filePath: string,
  fileSizeInBytes: bigint,
  data: DataFile,
  positions: PositionSet,
): DataFile {
  const path = new Map([[FILE_PATH_ID, new Uint8Array(Buffer.from(data.filePath, 'utf8'))]]);
  return {
    content: 'position-deletes',
    filePath,
    fileFormat: 'PARQUET',
    specId: data.specId,
    partition: data.partition,
    recordCount: BigInt(positions.size),
    fileSizeInBytes,
    lowerBounds: path,
    upperBounds: path,
    referencedDataFile: data.filePath,
  };
}
