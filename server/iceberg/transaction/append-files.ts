import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { loadManifestList } from '../manifest/load-manifests.ts';
import { writeManifestList } from '../manifest/manifest-list.ts';
import { writeManifest } from '../manifest/write-manifest.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { metadataFileLocation } from '../metadata/locations.ts';
import { currentSchema, currentSnapshot, specById } from '../metadata/lookup.ts';
import { appendSummary } from './snapshot-summary.ts';
import { stageUpdates, type RebasableCommit } from './staged-commit.ts';

export interface AppendFilesInput {
  readonly io: FileIO;
  /** The table as it is; a metadataLocation of null is a table that this commit creates. */
  readonly base: LoadedTable;
  /** Already written; each of a partition spec that the table has. */
  readonly dataFiles: readonly DataFile[];
  /** More properties of the snapshot's summary. */
  readonly summary?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; the clock's time where not given. */
  readonly now?: number;
}

/** What stays the same over the attempts of one append. */
interface Append extends Omit<AppendFilesInput, 'base' | 'now'> {
  readonly snapshotId: bigint;
  readonly commitId: string;
  /** The added files' manifests, written once: a retry lists them again under another sequence number. */
  readonly manifests: readonly ManifestFile[];
}

/**
 * Adds data files to a table: a fast append, which writes a manifest of the new files and lists it beside the
 * manifests there are.
 *
 * @throws UNSUPPORTED for tables of format version 1 or 3; INVALID_INPUT when a data file does not fit.
 */
export async function appendFiles(input: AppendFilesInput): Promise<RebasableCommit> {
  const { io, base, dataFiles } = input;
  assertAppendable(base.metadata, dataFiles);
  const snapshotId = newSnapshotId(base.metadata);
  const commitId = randomUUID();
  const manifests = await writeManifests(io, base.metadata, dataFiles, snapshotId, commitId);
  const append: Append = {
    io,
    dataFiles,
    ...(input.summary === undefined ? {} : { summary: input.summary }),
    snapshotId,
    commitId,
    manifests,
  };
  return attempt(
    append,
    base,
    1,
    manifests.map((manifest) => manifest.manifestPath),
    input.now,
  );
}

async function attempt(
  append: Append,
  base: LoadedTable,
  number: number,
  writtenFiles: readonly string[],
  now: number | undefined,
): Promise<RebasableCommit> {
  const { metadata } = base;
  const parent = currentSnapshot(metadata);
  const sequenceNumber = metadata.lastSequenceNumber + 1n;
  const added = append.manifests.map((manifest) => ({
    ...manifest,
    sequenceNumber,
    minSequenceNumber: sequenceNumber,
  }));
  const existing = parent === undefined ? [] : await loadManifestList(append.io, parent);
  const manifestList = metadataFileLocation(
    metadata,
    `snap-${append.snapshotId}-${number}-${append.commitId}.avro`,
  );
  await append.io.putIfAbsent(
    manifestList,
    writeManifestList({
      snapshotId: append.snapshotId,
      parentSnapshotId: parent?.snapshotId,
      sequenceNumber,
      manifests: [...added, ...existing],
    }),
  );
  const snapshot: Snapshot = present({
    snapshotId: append.snapshotId,
    parentSnapshotId: parent?.snapshotId,
    sequenceNumber,
    timestampMs: Math.max(now ?? Date.now(), metadata.lastUpdatedMs),
    summary: appendSummary(append.dataFiles, parent, append.summary ?? {}),
    manifestList,
    schemaId: metadata.currentSchemaId,
  });
  const staged = await stageUpdates({
    io: append.io,
    base,
    updates: [
      { action: 'add-snapshot', snapshot },
      {
        action: 'set-snapshot-ref',
        refName: 'main',
        ref: { ...metadata.refs['main'], snapshotId: append.snapshotId, type: 'branch' },
      },
    ],
    requirements: requirementsOf(base, parent),
    now: snapshot.timestampMs,
    writtenFiles: [...writtenFiles, manifestList],
  });
  return {
    ...staged,
    snapshot,
    rebase: async (fresh) => {
      assertAppendable(fresh.metadata, append.dataFiles);
      if (fresh.metadata.tableUuid !== metadata.tableUuid) {
        throw new AppError(
          'VERSION_CONFLICT',
          `The table at ${metadata.location} was replaced by another one.`,
          {
            context: { location: metadata.location },
          },
        );
      }
      return attempt(append, fresh, number + 1, staged.writtenFiles, now);
    },
  };
}

function requirementsOf(base: LoadedTable, parent: Snapshot | undefined): readonly TableRequirement[] {
  if (base.metadataLocation === null) return [{ type: 'assert-create' }];
  return [
    { type: 'assert-table-uuid', uuid: base.metadata.tableUuid },
    { type: 'assert-ref-snapshot-id', ref: 'main', snapshotId: parent?.snapshotId ?? null },
  ];
}

/** One manifest for each partition spec that the files are of. */
async function writeManifests(
  io: FileIO,
  metadata: TableMetadata,
  dataFiles: readonly DataFile[],
  snapshotId: bigint,
  commitId: string,
): Promise<readonly ManifestFile[]> {
  const specIds = [...new Set(dataFiles.map((file) => file.specId))];
  const older = metadata.schemas.filter((schema) => schema.schemaId !== metadata.currentSchemaId).reverse();
  const manifests: ManifestFile[] = [];
  for (const [index, specId] of specIds.entries()) {
    const { bytes, manifest } = writeManifest({
      location: metadataFileLocation(metadata, `${commitId}-m${index}.avro`),
      content: 'data',
      spec: specById(metadata, specId),
      schemas: [currentSchema(metadata), ...older],
      snapshotId,
      sequenceNumber: 0n,
      entries: dataFiles
        .filter((file) => file.specId === specId)
        .map((dataFile) => ({ status: 'added', snapshotId, dataFile })),
    });
    await io.putIfAbsent(manifest.manifestPath, bytes);
    manifests.push(manifest);
  }
  return manifests;
}

function assertAppendable(metadata: TableMetadata, dataFiles: readonly DataFile[]): void {
  if (metadata.formatVersion !== 2) {
    throw new AppError(
      'UNSUPPORTED',
      `The table at ${metadata.location} is of format version ${metadata.formatVersion}; only version 2 can be written to.`,
      { context: { location: metadata.location, version: metadata.formatVersion } },
    );
  }
  const paths = new Set<string>();
  for (const file of dataFiles) {
    const spec = metadata.partitionSpecs.find((spec) => spec.specId === file.specId);
    const wrong =
      file.content !== 'data'
        ? 'is not a data file'
        : spec === undefined
          ? `has partition spec ${file.specId}, which the table does not have`
          : paths.has(file.filePath)
            ? 'is given twice'
            : spec.fields.some((field) => !file.partition.has(field.fieldId))
              ? 'has no value for one of its partition fields'
              : null;
    if (wrong !== null) {
      throw new AppError('INVALID_INPUT', `The file ${file.filePath} cannot be appended: it ${wrong}.`, {
        context: { file: file.filePath },
      });
    }
    paths.add(file.filePath);
  }
}

/** Positive 63 random bits, as other writers make them. */
function newSnapshotId(metadata: TableMetadata): bigint {
  for (;;) {
    const id = randomBytes(8).readBigUInt64BE() >> 1n;
    if (id !== 0n && !metadata.snapshots.some((snapshot) => snapshot.snapshotId === id)) return id;
  }
}
