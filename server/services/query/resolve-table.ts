import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { TableResolver, TableVersion } from '#server/engine/plan/resolve-tables.ts';
import type { ResolvedTable, ResolvedView } from '#server/engine/plan/scan-source.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef, unknownRef, type ResolvedRef } from '../refs/index.ts';
import { findContentAtRef, loadContent, loadTableAtRef, tableId } from '../tables/index.ts';
import { ICEBERG_VIEW, openView } from '../views/index.ts';
import { withView } from './materialized-view.ts';

const SNAPSHOT_ID = /^\d{1,19}$/;
const COMMIT_HASH = /^[0-9a-f]{8,64}$/;

/** Finds the tables and views of a query at a ref; one with an AT clause at the version or time that it names. */
export function tableResolver(ctx: ServiceContext, ref: ResolvedRef): TableResolver {
  return async (name, at) => {
    if (at === null) return currentTable(ctx, ref, name);
    return 'version' in at ? tableAtVersion(ctx, ref, name, at.version) : tableAtTime(ctx, ref, name, at);
  };
}

async function currentTable(
  ctx: ServiceContext,
  at: ResolvedRef,
  name: readonly string[],
): Promise<ResolvedTable | ResolvedView> {
  const { key, content } = await findContentAtRef(ctx, at, name);
  if (content.type === ICEBERG_VIEW) return openView(ctx, at.hash, key, content);
  const { metadata } = await loadContent(ctx, key, content);
  return withView(ctx, at, { name: tableId(key), metadata, commit: at.hash });
}

/**
 * A branch or tag of the catalog by its name, or a ref expression; else a branch or tag of the table's own; else
 * digits are a snapshot id, hex digits a commit.
 */
async function tableAtVersion(
  ctx: ServiceContext,
  ref: ResolvedRef,
  name: readonly string[],
  version: string,
): Promise<ResolvedTable | ResolvedView> {
  let notFound: AppError;
  try {
    return await currentTable(ctx, await resolveRef(ctx, version), name);
  } catch (error) {
    if (!isAppError(error, 'REF_NOT_FOUND')) throw error;
    notFound = error;
  }
  const isSnapshotId = SNAPSHOT_ID.test(version);
  if (!isSnapshotId && COMMIT_HASH.test(version)) {
    const { hash } = await ctx.catalog.findCommit(version);
    return currentTable(ctx, { name: ref.name, hash }, name);
  }
  const { key, metadata } = await loadTableAtRef(ctx, ref, name).catch((error: unknown) => {
    // The version is wrong whatever the table is, unless it is a snapshot's id.
    throw !isSnapshotId && isAppError(error, 'TABLE_NOT_FOUND') ? notFound : error;
  });
  const own = Object.hasOwn(metadata.refs, version) ? metadata.refs[version] : undefined;
  if (own !== undefined) {
    const { type, snapshotId } = own;
    const branch = type === 'branch' ? { branch: version } : {};
    return { name: tableId(key), metadata, snapshotId, commit: ref.hash, ...branch };
  }
  if (!isSnapshotId) {
    const unknown = notFound.context['ref'];
    const named = typeof unknown === 'string' ? unknown : version;
    throw await unknownRef(ctx, named, notFound, Object.keys(metadata.refs));
  }
  const snapshotId = BigInt(version);
  if (metadata.snapshots.some((snapshot) => snapshot.snapshotId === snapshotId)) {
    return { name: tableId(key), metadata, snapshotId, commit: ref.hash };
  }
  const suggestions = metadata.snapshots
    .slice(-3)
    .reverse()
    .map((snapshot) => snapshot.snapshotId.toString());
  const hint = suggestions.length === 0 ? 'It has none yet.' : `Its newest are ${suggestions.join(', ')}.`;
  throw new AppError('SNAPSHOT_NOT_FOUND', `${tableId(key)} has no snapshot ${version}. ${hint}`, {
    context: { table: tableId(key), snapshotId: version, suggestions },
  });
}

/** The table as the ref showed it then: at the newest commit that was made by that time. */
async function tableAtTime(
  ctx: ServiceContext,
  ref: ResolvedRef,
  name: readonly string[],
  { timestamp }: Extract<TableVersion, { timestamp: Date }>,
): Promise<ResolvedTable | ResolvedView> {
  const commit = await ctx.catalog.commitAt(ref.hash, timestamp);
  const when = timestamp.toISOString();
  if (commit === null) {
    throw new AppError('SNAPSHOT_NOT_FOUND', `At ${when} there was nothing on "${ref.name}" yet.`, {
      context: { ref: ref.name, time: when },
    });
  }
  return currentTable(ctx, { name: ref.name, hash: commit.hash }, name);
}
