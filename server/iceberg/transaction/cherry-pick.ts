import { AppError } from '#shared/errors/app-error.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList } from '../manifest/load-manifests.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { snapshotById } from '../metadata/lookup.ts';
import { changeFiles } from './change-files.ts';
import { ConflictChecks } from './conflict-rules.ts';
import { produceSnapshot, type SnapshotInput } from './produce-snapshot.ts';
import { ancestorsOf, headOf, MAIN } from './snapshot-history.ts';
import { stageUpdates, type RebasableCommit } from './staged-commit.ts';

export interface CherryPickInput extends Omit<SnapshotInput, 'stageOnly' | 'updates' | 'requirements'> {
  /** A snapshot of the table that is no part of the branch yet, e.g. a staged one. */
  readonly snapshotId: bigint;
}

/**
 * Brings what one snapshot changed into a branch: an append, or a dynamic overwrite whose partitions nobody has
 * written to since. Any other only where the branch still is at the snapshot's parent: then the branch just
 * moves to it. A snapshot, and a `wap.id`, is published once.
 *
 * @throws SNAPSHOT_NOT_FOUND; INVALID_INPUT where it cannot be picked; COMMIT_CONFLICT
 */
export async function cherryPick(input: CherryPickInput): Promise<RebasableCommit> {
  const { metadata } = input.base;
  const branch = input.targetBranch ?? MAIN;
  const picked = snapshotById(metadata, input.snapshotId);
  const head = headOf(metadata, branch);
  if (picked.parentSnapshotId === head?.snapshotId) return fastForward(input, branch, picked, []);

  assertUnpublished(metadata, head, picked);
  const replaces =
    picked.summary['replace-partitions'] === 'true' && picked.summary.operation === 'overwrite';
  if (picked.summary.operation !== 'append' && !replaces)
    throw notPickable(picked, 'it is neither an append nor a dynamic overwrite, and the branch has moved on');
  if (replaces && !isAncestor(metadata, head, picked.parentSnapshotId))
    throw notPickable(picked, 'it overwrites partitions of a state that the branch never had');
  const { added, deleted } = await changesOf(input, picked);
  const wapId = picked.summary['wap.id'];
  return produceSnapshot(
    {
      ...input,
      summary: {
        ...input.summary,
        'source-snapshot-id': String(picked.snapshotId),
        ...(wapId === undefined || wapId === '' ? {} : { 'published-wap-id': wapId }),
        ...(replaces ? { 'replace-partitions': 'true' } : {}),
      },
    },
    changeFiles({
      operation: replaces ? 'overwrite' : 'append',
      start: picked.parentSnapshotId ?? null,
      added: added.map((file) => ({ file })),
      removed: { files: deleted },
      validate: async (base) => {
        assertUnpublished(base.metadata, base.parent, picked);
        if (!replaces) return;
        await new ConflictChecks(base, picked.parentSnapshotId ?? null).noNewDataIn(added);
      },
    }),
  );
}

/** Moves the branch to a snapshot that follows its own: nothing is written but metadata. */
async function fastForward(
  input: CherryPickInput,
  branch: string,
  picked: Snapshot,
  earlier: readonly string[],
  base: LoadedTable = input.base,
): Promise<RebasableCommit> {
  const { metadata } = base;
  const staged = await stageUpdates({
    io: input.io,
    base,
    updates: [
      {
        action: 'set-snapshot-ref',
        refName: branch,
        ref: { ...metadata.refs[branch], snapshotId: picked.snapshotId, type: 'branch' },
      },
    ],
    requirements: [
      { type: 'assert-table-uuid', uuid: metadata.tableUuid },
      {
        type: 'assert-ref-snapshot-id',
        ref: branch,
        snapshotId: metadata.refs[branch]?.snapshotId ?? null,
      },
    ],
    ...(input.now === undefined ? {} : { now: input.now }),
    writtenFiles: earlier,
  });
  return {
    ...staged,
    snapshot: picked,
    supersededFiles: earlier,
    rebase: async (fresh) => {
      if (headOf(fresh.metadata, branch)?.snapshotId === picked.parentSnapshotId)
        return fastForward(input, branch, picked, staged.writtenFiles, fresh);
      const again = await cherryPick({ ...input, base: fresh });
      return {
        ...again,
        writtenFiles: [...staged.writtenFiles, ...again.writtenFiles],
        supersededFiles: [...staged.writtenFiles, ...again.supersededFiles],
      };
    },
  };
}

async function changesOf(
  { io, cache }: CherryPickInput,
  picked: Snapshot,
): Promise<{ readonly added: readonly DataFile[]; readonly deleted: readonly DataFile[] }> {
  const options = cache === undefined ? {} : { cache };
  const added: DataFile[] = [];
  const deleted: DataFile[] = [];
  for (const manifest of await loadManifestList(io, picked, options)) {
    if (manifest.addedSnapshotId !== picked.snapshotId) continue;
    for (const entry of await loadManifest(io, manifest, options)) {
      if (entry.snapshotId !== picked.snapshotId) continue;
      if (entry.status === 'added') added.push(entry.dataFile);
      if (entry.status === 'deleted') deleted.push(entry.dataFile);
    }
  }
  if (added.some((file) => file.content !== 'data')) throw notPickable(picked, 'it adds delete files');
  return { added, deleted };
}

/** Neither the snapshot itself nor one made of it is in the branch, and its `wap.id` was not published. */
function assertUnpublished(metadata: TableMetadata, head: Snapshot | undefined, picked: Snapshot): void {
  const wapId = picked.summary['wap.id'] ?? '';
  for (const { snapshotId, summary } of ancestorsOf(metadata, head)) {
    if (snapshotId === picked.snapshotId) throw notPickable(picked, 'the branch has it already');
    if (summary['source-snapshot-id'] === String(picked.snapshotId))
      throw notPickable(picked, `snapshot ${snapshotId} of the branch was picked from it already`);
    if (wapId !== '' && (summary['wap.id'] === wapId || summary['published-wap-id'] === wapId))
      throw notPickable(
        picked,
        `snapshot ${snapshotId} of the branch has published its wap.id '${wapId}' already`,
      );
  }
}

function isAncestor(
  metadata: TableMetadata,
  head: Snapshot | undefined,
  snapshotId: bigint | undefined,
): boolean {
  for (const ancestor of ancestorsOf(metadata, head)) if (ancestor.snapshotId === snapshotId) return true;
  return false;
}

function notPickable(picked: Snapshot, why: string): AppError {
  return new AppError('INVALID_INPUT', `Snapshot ${picked.snapshotId} cannot be cherry-picked: ${why}.`, {
    context: { snapshotId: picked.snapshotId },
  });
}
