import { AppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { RestoreStatement, UndropStatement } from '#server/engine/dml/statement.ts';
import { resolveRef } from '../refs/index.ts';
import { findContentAtRef, NAMESPACE, restoreContent, rollBackTable, tableId } from '../tables/index.ts';
import {
  commitProperties,
  kindIn,
  landedCommit,
  placedAtTarget,
  refusedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';
import { assertStandsApart } from './view-circle.ts';

const SNAPSHOT_ID = /^\d{1,19}$/;
const COMMIT_HASH = /^[0-9a-f]{8,64}$/;

/**
 * RESTORE: a table is what it was at a branch, tag, commit, snapshot or time, also where it was dropped since.
 *
 * @throws INVALID_INPUT for a view that would read itself as it was, since others have come to read it
 */
export async function restore(
  ctx: StatementContext,
  run: StatementRun<RestoreStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const { target, version, to } = statement;
  const key = target.parts;
  const standing = await ctx.catalog.getContent(hash, key);
  if (to === 'version' && SNAPSHOT_ID.test(version) && standing !== null) return toSnapshot(ctx, run);
  const place = await placeOf(ctx, run);
  const found = await findContentAtRef(ctx, { name: branch, hash: place.hash }, key).catch(
    (error: unknown) => {
      throw placedAtTarget(error, statement.sql, target.span.start);
    },
  );
  await assertStandsApart(ctx, run, found, target.span.start);
  const commit = await restoreContent(ctx, {
    key: found.key,
    branch,
    standing: await ctx.catalog.getContent(hash, found.key),
    wanted: found.content,
    message: run.message ?? `Restore ${tableId(found.key)} to ${place.text}`,
    properties: commitProperties(statement),
  });
  const name = tableId(found.key);
  return {
    key: found.key,
    commit,
    note:
      commit === null
        ? `${name} is as it was at ${place.text}.`
        : `${name} is again what it was at ${place.text}.`,
  };
}

async function toSnapshot(
  ctx: StatementContext,
  { statement, branch, message }: StatementRun<RestoreStatement>,
): Promise<StatementOutcome> {
  const { target, version, sql, span } = statement;
  const request = {
    to: { snapshotId: version },
    anySnapshot: true,
    branch,
    message: message ?? `Restore ${tableId(target.parts)} to snapshot ${version}`,
  };
  const { commit, table } = await rollBackTable(
    ctx,
    tableId(target.parts),
    request,
    commitProperties(statement),
  ).catch((error: unknown) => {
    throw placedAtTarget(error, sql, span.start);
  });
  return {
    key: target.parts,
    commit: landedCommit(commit),
    ...(table.currentSnapshotId === undefined ? {} : { snapshotId: BigInt(table.currentSnapshotId) }),
  };
}

interface Place {
  readonly hash: Hash;
  /** For people. */
  readonly text: string;
}

/** @throws REF_NOT_FOUND, COMMIT_NOT_FOUND, SNAPSHOT_NOT_FOUND (nothing was there yet), INVALID_INPUT (no time) */
async function placeOf(
  ctx: StatementContext,
  { statement, branch, hash }: StatementRun<RestoreStatement>,
): Promise<Place> {
  const { to, version, sql, span } = statement;
  try {
    if (to === 'time') return await placeAtTime(ctx, branch, hash, version);
    if (COMMIT_HASH.test(version)) {
      const commit = await ctx.catalog.findCommit(version);
      return { hash: commit.hash, text: commit.hash.slice(0, 8) };
    }
    const found = await resolveRef(ctx, version);
    return { hash: found.hash, text: `${version} (${found.hash.slice(0, 8)})` };
  } catch (error) {
    throw error instanceof AppError ? withPlace(error, sql, span.start) : error;
  }
}

/** Without a zone it is in UTC, as times of sessions are. */
async function placeAtTime(ctx: StatementContext, branch: string, hash: Hash, text: string): Promise<Place> {
  const plain = text.trim().replace(' ', 'T');
  const zoned = plain.includes(':') && /(?:z|[+-]\d\d(?::?\d\d)?)$/i.test(plain);
  const time = new Date(zoned || !plain.includes(':') ? plain : `${plain}Z`);
  if (Number.isNaN(time.getTime()))
    throw new AppError('INVALID_INPUT', `${text} is no time; write one as 2024-01-31 12:00:00.`);
  const commit = await ctx.catalog.commitAt(hash, time);
  if (commit === null)
    throw new AppError(
      'SNAPSHOT_NOT_FOUND',
      `At ${time.toISOString()} there was nothing on "${branch}" yet.`,
    );
  return { hash: commit.hash, text: time.toISOString() };
}

/**
 * UNDROP: what was dropped last under a name stands there again, as it was.
 *
 * @throws ALREADY_EXISTS, TABLE_NOT_FOUND; INVALID_INPUT for a view that would read itself, since what it reads reads it now
 */
export async function undrop(
  ctx: StatementContext,
  run: StatementRun<UndropStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const key = statement.target.parts;
  const name = tableId(key);
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing !== null)
    throw refusedAtTarget(
      statement,
      'ALREADY_EXISTS',
      `There is a ${await kindIn(ctx, { key, content: standing })} ${name} on "${branch}" already; rename it first, or write RESTORE TABLE to take it back.`,
    );
  const { commits } = await ctx.catalog.log(hash, { limit: 1, keys: [key] });
  const [dropped] = commits;
  const before = dropped?.parents[0];
  const wanted = before === undefined ? null : await ctx.catalog.getContent(before, key);
  if (dropped === undefined || wanted === null || wanted.type === NAMESPACE)
    throw refusedAtTarget(statement, 'TABLE_NOT_FOUND', `Nothing called ${name} was dropped on "${branch}".`);
  await assertStandsApart(ctx, run, { key, content: wanted }, statement.target.span.start);
  const commit = await restoreContent(ctx, {
    key,
    branch,
    standing: null,
    wanted,
    message: run.message ?? `Bring ${name} back`,
    properties: commitProperties(statement),
  });
  return {
    key,
    commit,
    note: `The ${await kindIn(ctx, { key, content: wanted })} ${name} is there again, as before ${dropped.hash.slice(0, 8)} (${dropped.message.split('\n')[0] ?? ''}).`,
  };
}
