import { setImmediate } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DataFile, ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { loadManifestList, viewManifest, type ReadOptions } from '../manifest/load-manifests.ts';
import type { ManifestView } from '../manifest/manifest-view.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import {
  currentSchema,
  currentSnapshot,
  schemaOfSnapshot,
  snapshotAsOf,
  snapshotById,
  snapshotByRef,
} from '../metadata/lookup.ts';
import { DeleteIndex, type PlannedDelete } from './delete-index.ts';
import { conjunctsOf, type Conjunct } from './file-pruner.ts';
import { assertListedOnce, liveFilesOf, SeenFiles, type LiveFiles } from './manifest-consistency.ts';
import { PruningTally } from './pruning-tally.ts';

export type { PlannedDelete } from './delete-index.ts';

export interface PlanFilesInput {
  readonly io: FileIO;
  readonly metadata: TableMetadata;
  /**
   * A snapshot, or a branch or tag of the table's own, or when the snapshot was current (milliseconds since
   * 1970-01-01 UTC); at most one of them, and the current snapshot without any. Branches are read with the current
   * schema, everything else but the current snapshot with the schema it was written with.
   */
  readonly snapshotId?: bigint;
  readonly ref?: string;
  readonly asOf?: number;
  /** Only files that may have a row for which it is true are planned. */
  readonly filter?: Expression;
  readonly cache?: ManifestCache;
  readonly signal?: AbortSignal;
  /** For messages; the table's location where not given. */
  readonly tableName?: string;
}

export interface PlannedFile {
  readonly file: DataFile;
  readonly sequenceNumber: bigint;
  /** Every delete file that may delete rows of this file, and no other; of most files there is none. */
  readonly deletes: readonly PlannedDelete[];
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
 * The data files that a scan of one snapshot has to read, with their deletes. Never leaves out a file with a
 * matching row; a file's deletes do not depend on the filter.
 *
 * @throws SNAPSHOT_NOT_FOUND, REF_NOT_FOUND; UNSUPPORTED for ORC and encrypted files; CORRUPT_METADATA, CORRUPT_FILE naming the file.
 */
export async function planFiles(input: PlanFilesInput): Promise<FilePlan> {
  const { io, metadata } = input;
  const { snapshot, schema } = startOf(input);
  if (snapshot === undefined) return { schema, files: [], filesKnown: 0, manifestsRead: 0, pruning: [] };

  const options: ReadOptions = {
    ...(input.cache === undefined ? {} : { cache: input.cache }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  };
  const manifests = await loadManifestList(io, snapshot, options);
  assertListedOnce(manifests, snapshot);
  const liveFiles = liveFilesOf(manifests, snapshot);
  const seen = new SeenFiles();

  const others = metadata.schemas.filter((other) => other !== schema).reverse();
  const schemas = [schema, ...others] as const;
  const conjuncts = conjunctsOf(input.filter ?? { op: 'true' }, schemas, metadata.partitionSpecs);
  const tally = new PruningTally(conjuncts);

  const wanted: ManifestFile[] = [];
  for (const manifest of manifests) {
    const live = liveFiles(manifest);
    if (live === 0 || manifest.content !== 'data') continue;
    const failing = conjuncts.find((conjunct) => !conjunct.matchesManifest(manifest));
    // A manifest that does not say how many files it has is read, so that they are counted.
    if (failing === undefined || live === undefined) wanted.push(manifest);
    else tally.skipped(failing, 'partition', live);
  }
  const kept: ManifestEntry[] = [];
  for await (const view of viewAll(io, wanted, options)) {
    const tests = tally.testsOf(view);
    for (let index = 0; index < view.size; index += 1) {
      if (!view.isLive(index) || !tally.keeps(tests, index)) continue;
      const entry = view.entry(index);
      seen.add(entry, view.manifest);
      kept.push(entry);
    }
    options.cache?.keepView(view);
  }
  const oldest = oldestOf(kept);
  const deleteManifests = manifests.filter((manifest) => mayDelete(manifest, oldest, conjuncts, liveFiles));
  const deletes: PlannedDelete[] = [];
  for await (const view of viewAll(io, deleteManifests, options)) {
    for (const planned of deletesAmong(view, conjuncts, seen)) deletes.push(planned);
    options.cache?.keepView(view);
  }
  const index = deletes.length === 0 ? null : new DeleteIndex(deletes, metadata.partitionSpecs, schemas);
  const files: PlannedFile[] = [];
  const table = input.tableName ?? `the table at ${metadata.location}`;
  let pairs = 0;
  for (const { dataFile, sequenceNumber } of kept) {
    const file = supported(dataFile, table);
    const found = index?.deletesOf(file, sequenceNumber) ?? NO_DELETES;
    files.push({ file, sequenceNumber, deletes: found });
    const before = pairs;
    pairs += found.length;
    assertPairs(pairs, table);
    // Deletes that nothing rules out take as long as there are pairs: others get their turn meanwhile.
    if (Math.floor(pairs / PAIRS_AT_ONCE) > Math.floor(before / PAIRS_AT_ONCE)) {
      await setImmediate();
      input.signal?.throwIfAborted();
    }
  }
  return {
    snapshot,
    schema,
    files,
    filesKnown: files.length + tally.total,
    manifestsRead: wanted.length + deleteManifests.length,
    pruning: tally.lines(schema, files.length + tally.total),
  };
}

function startOf(input: PlanFilesInput): { snapshot: Snapshot | undefined; schema: Schema } {
  const { metadata, snapshotId, ref, asOf } = input;
  if (ref !== undefined) {
    const snapshot = snapshotByRef(metadata, ref);
    const isTag = metadata.refs[ref]?.type === 'tag';
    return { snapshot, schema: isTag ? schemaOfSnapshot(metadata, snapshot) : currentSchema(metadata) };
  }
  if (snapshotId === undefined && asOf === undefined)
    return { snapshot: currentSnapshot(metadata), schema: currentSchema(metadata) };
  const snapshot =
    snapshotId === undefined ? snapshotAsOf(metadata, asOf ?? 0) : snapshotById(metadata, snapshotId);
  return { snapshot, schema: schemaOfSnapshot(metadata, snapshot) };
}

const NO_DELETES: readonly PlannedDelete[] = [];
const PAIRS_AT_ONCE = 100_000;
/** More deletes of files than this no engine applies in any useful time, and no memory holds. */
const MAX_PAIRS = 50_000_000;

function assertPairs(pairs: number, table: string): void {
  if (pairs <= MAX_PAIRS) return;
  throw new AppError(
    'UNSUPPORTED',
    `Delete files apply more than ${MAX_PAIRS} times to data files of ${table}; compact the table, or read less of it.`,
    { context: { table } },
  );
}

/** Sequence number of the oldest file; undefined where there is none. */
function oldestOf(entries: readonly ManifestEntry[]): bigint | undefined {
  let oldest: bigint | undefined;
  for (const { sequenceNumber } of entries)
    if (oldest === undefined || sequenceNumber < oldest) oldest = sequenceNumber;
  return oldest;
}

/**
 * A delete file is of the partition of the files it is for, so partitions that the filter rules out need none; and
 * it is as young as they are or younger, where nothing in a manifest is younger than the manifest.
 */
function mayDelete(
  manifest: ManifestFile,
  oldest: bigint | undefined,
  conjuncts: readonly Conjunct[],
  liveFiles: LiveFiles,
): boolean {
  return (
    manifest.content === 'deletes' &&
    oldest !== undefined &&
    manifest.sequenceNumber >= oldest &&
    liveFiles(manifest) !== 0 &&
    conjuncts.every((conjunct) => conjunct.matchesManifest(manifest))
  );
}

function deletesAmong(
  view: ManifestView,
  conjuncts: readonly Conjunct[],
  seen: SeenFiles,
): readonly PlannedDelete[] {
  const wanted = view.partitions.map((partition) =>
    conjuncts.every((conjunct) => conjunct.matchesPartition({ specId: view.specId, partition })),
  );
  const deletes: PlannedDelete[] = [];
  for (let index = 0; index < view.size; index += 1) {
    if (!view.isLive(index) || wanted[view.partitionOf[index] ?? 0] !== true) continue;
    const entry = view.entry(index);
    seen.add(entry, view.manifest);
    deletes.push({ file: entry.dataFile, sequenceNumber: entry.sequenceNumber });
  }
  return deletes;
}

function supported(file: DataFile, table: string): DataFile {
  if (file.keyMetadata !== undefined) {
    throw new AppError(
      'UNSUPPORTED',
      `The data file ${file.filePath} of ${table} is encrypted; encrypted tables cannot be read.`,
      { context: { file: file.filePath, table } },
    );
  }
  if (file.fileFormat === 'PARQUET' || file.fileFormat === 'AVRO') return file;
  throw new AppError(
    'UNSUPPORTED',
    `The data file ${file.filePath} of ${table} is ${file.fileFormat}; only Parquet and Avro files can be read. Rewrite the table as Parquet.`,
    { context: { file: file.filePath, table } },
  );
}

/** In order, some being read while one is looked at; none is held longer than it takes. */
async function* viewAll(
  io: FileIO,
  manifests: readonly ManifestFile[],
  options: ReadOptions,
): AsyncGenerator<ManifestView> {
  const ahead: Promise<ManifestView>[] = [];
  let next = 0;
  try {
    for (let done = 0; done < manifests.length; done += 1) {
      options.signal?.throwIfAborted();
      while (next < manifests.length && ahead.length < CONCURRENCY) {
        const manifest = manifests[next];
        next += 1;
        if (manifest === undefined) continue;
        const view = viewManifest(io, manifest, options);
        // It may fail while an earlier one is still waited for; then nobody listens yet.
        view.catch(() => undefined);
        ahead.push(view);
      }
      const view = await ahead.shift();
      if (view !== undefined) yield view;
    }
  } finally {
    // Where one fails, what the others come to is of no use to anyone.
    await Promise.allSettled(ahead);
  }
}
