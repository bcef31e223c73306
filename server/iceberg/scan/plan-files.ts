import { AppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DataFile, ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList, type ReadOptions } from '../manifest/load-manifests.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import { currentSchema, currentSnapshot, schemaOfSnapshot, snapshotById } from '../metadata/lookup.ts';
import { describeCondition } from './describe-condition.ts';
import { conjunctsOf, type Conjunct } from './file-pruner.ts';

export interface PlanFilesInput {
  readonly io: FileIO;
  readonly metadata: TableMetadata;
  /** The current one where not given; then with the current schema, otherwise with the snapshot's. */
  readonly snapshotId?: bigint;
  /** Only files that may have a row for which it is true are planned. */
  readonly filter?: Expression;
  readonly cache?: ManifestCache;
  readonly signal?: AbortSignal;
  /** For messages; the table's location where not given. */
  readonly tableName?: string;
}

export interface PlannedFile {
  readonly file: DataFile;
  /** Deletes with a higher one apply to the file. */
  readonly sequenceNumber: bigint;
}

export interface FilePlan {
  /** Absent: the table has no snapshot yet, and so no rows. */
  readonly snapshot?: Snapshot;
  /** What field ids in the filter and in the files' metrics are of. */
  readonly schema: Schema;
  readonly files: readonly PlannedFile[];
  /** Data files in the snapshot, before pruning. */
  readonly filesKnown: number;
  readonly manifestsRead: number;
  /** A line for each condition that pruned, for people. */
  readonly pruning: readonly string[];
}

/** How many manifests are read at a time. */
const CONCURRENCY = 8;

/**
 * The data files that a scan of one snapshot has to read. Never leaves out a file with a matching row.
 *
 * @throws SNAPSHOT_NOT_FOUND; UNSUPPORTED for tables with row-level deletes or files other than Parquet;
 *   CORRUPT_METADATA, CORRUPT_FILE naming the file.
 */
export async function planFiles(input: PlanFilesInput): Promise<FilePlan> {
  const { io, metadata } = input;
  const snapshot =
    input.snapshotId === undefined ? currentSnapshot(metadata) : snapshotById(metadata, input.snapshotId);
  const schema =
    input.snapshotId === undefined ? currentSchema(metadata) : schemaOfSnapshot(metadata, snapshot);
  if (snapshot === undefined) return { schema, files: [], filesKnown: 0, manifestsRead: 0, pruning: [] };

  const options: ReadOptions = {
    ...(input.cache === undefined ? {} : { cache: input.cache }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  };
  const manifests = await loadManifestList(io, snapshot, options);
  assertNoDeletes(manifests, input.tableName ?? `the table at ${metadata.location}`);

  const others = metadata.schemas.filter((other) => other !== schema).reverse();
  const conjuncts = conjunctsOf(input.filter ?? { op: 'true' }, [schema, ...others], metadata.partitionSpecs);
  const tally = new PruningTally(conjuncts);

  const wanted: ManifestFile[] = [];
  for (const manifest of manifests) {
    const live = liveFiles(manifest);
    if (live === 0) continue;
    const failing = conjuncts.find((conjunct) => !conjunct.matchesManifest(manifest));
    // A manifest that does not say how many files it has is read, so that they are counted.
    if (failing === undefined || live === undefined) wanted.push(manifest);
    else tally.skipped(failing, 'partition', live);
  }
  const files: PlannedFile[] = [];
  for (const entries of await readAll(io, wanted, options)) {
    for (const { status, dataFile, sequenceNumber } of entries) {
      if (status === 'deleted') continue;
      if (tally.keeps(dataFile)) files.push({ file: supported(dataFile), sequenceNumber });
    }
  }
  return {
    snapshot,
    schema,
    files,
    filesKnown: files.length + tally.total,
    manifestsRead: wanted.length,
    pruning: tally.lines(schema, files.length + tally.total),
  };
}

function liveFiles(manifest: ManifestFile): number | undefined {
  const { addedFilesCount, existingFilesCount } = manifest;
  return addedFilesCount === undefined || existingFilesCount === undefined
    ? undefined
    : addedFilesCount + existingFilesCount;
}

function assertNoDeletes(manifests: readonly ManifestFile[], table: string): void {
  const deletes = manifests.find((manifest) => manifest.content === 'deletes' && liveFiles(manifest) !== 0);
  if (deletes === undefined) return;
  throw new AppError(
    'UNSUPPORTED',
    `${table} has rows deleted by delete files, which cannot be read yet; compact the table with the engine that deleted them.`,
    { context: { table, source: deletes.manifestPath } },
  );
}

function supported(file: DataFile): DataFile {
  if (file.fileFormat === 'PARQUET') return file;
  throw new AppError(
    'UNSUPPORTED',
    `The data file ${file.filePath} is ${file.fileFormat}; only Parquet files can be read. Rewrite the table as Parquet.`,
    { context: { file: file.filePath } },
  );
}

async function readAll(
  io: FileIO,
  manifests: readonly ManifestFile[],
  options: ReadOptions,
): Promise<readonly (readonly ManifestEntry[])[]> {
  const read: (readonly ManifestEntry[])[] = [];
  for (let start = 0; start < manifests.length; start += CONCURRENCY) {
    options.signal?.throwIfAborted();
    const batch = manifests.slice(start, start + CONCURRENCY);
    read.push(...(await Promise.all(batch.map((manifest) => loadManifest(io, manifest, options)))));
  }
  return read;
}

/** Which condition kept how many files from being read, and by what. */
class PruningTally {
  private readonly conjuncts: readonly Conjunct[];
  private readonly byPartition = new Map<Conjunct, number>();
  private readonly byBounds = new Map<Conjunct, number>();
  total = 0;

  constructor(conjuncts: readonly Conjunct[]) {
    this.conjuncts = conjuncts;
  }

  keeps(file: DataFile): boolean {
    for (const conjunct of this.conjuncts) {
      if (conjunct.matchesFile(file)) continue;
      this.skipped(conjunct, conjunct.matchesPartition(file) ? 'bounds' : 'partition', 1);
      return false;
    }
    return true;
  }

  skipped(conjunct: Conjunct, by: 'partition' | 'bounds', files: number): void {
    const counts = by === 'partition' ? this.byPartition : this.byBounds;
    counts.set(conjunct, (counts.get(conjunct) ?? 0) + files);
    this.total += files;
  }

  lines(schema: Schema, known: number): readonly string[] {
    return this.conjuncts.flatMap((conjunct) => {
      const partition = this.byPartition.get(conjunct) ?? 0;
      const bounds = this.byBounds.get(conjunct) ?? 0;
      if (partition + bounds === 0) return [];
      const by = [
        ...(partition === 0 ? [] : [`${partition} by partition`]),
        ...(bounds === 0 ? [] : [`${bounds} by column bounds`]),
      ];
      const condition = describeCondition(conjunct.condition, schema);
      return [`${condition} skips ${partition + bounds} of ${known} files (${by.join(', ')})`];
    });
  }
}
