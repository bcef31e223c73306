import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { newMetadataLocation } from '../metadata/locations.ts';
import { serializeTableMetadata } from '../metadata/serialize.ts';

/**
 * A new version of a table, written in full and visible to nobody: the catalog makes it so by swapping the
 * table's metadata location, once, and only if `requirements` hold.
 */
export interface StagedCommit {
  /** From the base to `metadata`. */
  readonly updates: readonly TableUpdate[];
  readonly requirements: readonly TableRequirement[];
  readonly metadata: TableMetadata;
  readonly newMetadataLocation: string;
  /** Every metadata file written for this commit, by earlier attempts too: to be deleted if it is given up. */
  readonly writtenFiles: readonly string[];
}

/** A staged commit that can be tried again on a table that has moved on; what can be reused is. */
export interface RebasableCommit extends StagedCommit {
  readonly snapshot: Snapshot;
  /** Those of `writtenFiles` that earlier attempts made and this version does not use: of no use once it lands. */
  readonly supersededFiles: readonly string[];
  /** @throws COMMIT_CONFLICT where another commit has changed what this one rests on; with what and where */
  rebase(base: LoadedTable): Promise<RebasableCommit>;
}

/** Writes the metadata file that updates make of a base. */
export async function stageUpdates(input: {
  readonly io: FileIO;
  readonly base: LoadedTable;
  readonly updates: readonly TableUpdate[];
  readonly requirements: readonly TableRequirement[];
  readonly now?: number;
  /** Files written for this commit so far. */
  readonly writtenFiles?: readonly string[];
}): Promise<StagedCommit> {
  const { io, base, updates, requirements } = input;
  const metadata = applyUpdates(base.metadata, updates, {
    metadataLocation: base.metadataLocation,
    ...(input.now === undefined ? {} : { now: input.now }),
  });
  const location = newMetadataLocation(metadata, base.metadataLocation);
  await io.putIfAbsent(location, serializeTableMetadata(metadata));
  return {
    updates,
    requirements,
    metadata,
    newMetadataLocation: location,
    writtenFiles: [...(input.writtenFiles ?? []), location],
  };
}

/** Writes the first metadata file of a new table, as createTableMetadata gives it. */
export async function stageCreate(input: {
  readonly io: FileIO;
  readonly metadata: TableMetadata;
}): Promise<StagedCommit> {
  return stageUpdates({
    io: input.io,
    base: { metadata: input.metadata, metadataLocation: null },
    updates: [],
    requirements: [{ type: 'assert-create' }],
    now: input.metadata.lastUpdatedMs,
  });
}
