import { createHash } from 'node:crypto';
import { isAppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { readsHistory } from '#shared/sql/reads-history.ts';
import type { ResolvedTable, ResolvedView } from '#server/engine/plan/scan-source.ts';
import { currentSnapshot } from '#server/iceberg/metadata/lookup.ts';
import { ancestorsOf } from '#server/iceberg/transaction/snapshot-history.ts';
import type { ServiceContext } from '../context.ts';
import type { ResolvedRef } from '../refs/index.ts';
import { loadTableAt, VIEW_SQL } from '../tables/index.ts';
import { openView } from '../views/index.ts';

/** In the summary of a snapshot: what its rows were made of, as Iceberg's proposal for materialized views calls it. */
export const REFRESH_STATE = 'refresh-state';

/** A table, or a view on the way to one, as a refresh read it; a table without a snapshot had none. */
export interface SourceState {
  readonly type: 'table' | 'view';
  readonly name: string;
  readonly uuid: string;
  readonly 'snapshot-id'?: string;
  readonly 'schema-id'?: number;
  /** Of a view. */
  readonly 'version-id'?: number;
  /** Of a materialized view whose query was read, since it was not fresh: which query that was. */
  readonly definition?: string;
}

export interface RefreshState {
  readonly sources: readonly SourceState[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export function sourceState({ name, metadata }: ResolvedTable): SourceState {
  const { tableUuid, currentSnapshotId, currentSchemaId } = metadata;
  return {
    type: 'table',
    name,
    uuid: tableUuid,
    ...(currentSnapshotId === undefined ? {} : { 'snapshot-id': String(currentSnapshotId) }),
    'schema-id': currentSchemaId,
  };
}

export function viewState({ name, uuid, versionId }: ResolvedView): SourceState {
  return { type: 'view', name, uuid, 'version-id': versionId };
}

/** Of a materialized view whose query is read in its place; its rows are none of what it gives then. */
export function definitionState(name: string, { tableUuid, properties }: TableMetadata): SourceState {
  return { type: 'view', name, uuid: tableUuid, definition: digestOf(properties[VIEW_SQL]) };
}

/** Of a materialized view's query. */
function digestOf(sql = ''): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** @param sql the query that the rows are of */
export function refreshSummary(
  sql: string | undefined,
  sources: readonly SourceState[],
  startedAt: number,
): Record<string, string> {
  const state = {
    'view-version-id': 1,
    definition: digestOf(sql),
    'source-states': sources,
    'refresh-start-timestamp-ms': startedAt,
  };
  return { [REFRESH_STATE]: JSON.stringify(state) };
}

/**
 * What the rows of a view were made of; null where somebody else changed them since, where they are of another query, to
 * whose rows the table was rolled back, or where the state can't be read.
 */
export function refreshStateOf(metadata: TableMetadata): RefreshState | null {
  for (const { summary } of ancestorsOf(metadata, currentSnapshot(metadata))) {
    const text = summary[REFRESH_STATE];
    if (text !== undefined) return parseState(text, metadata.properties[VIEW_SQL]);
    // Compaction leaves the rows as they are.
    if (summary.operation !== 'replace') return null;
  }
  return null;
}

function parseState(text: string, sql: string | undefined): RefreshState | null {
  try {
    const state = JSON.parse(text) as {
      readonly definition?: string;
      readonly 'source-states'?: readonly SourceState[];
      readonly 'refresh-start-timestamp-ms'?: number;
    };
    const sources = state['source-states'];
    if (state.definition !== undefined && state.definition !== digestOf(sql)) return null;
    return Array.isArray(sources)
      ? { sources: sources as readonly SourceState[], startedAt: Number(state['refresh-start-timestamp-ms']) }
      : null;
  } catch {
    // Some other writer's.
    return null;
  }
}

export function sameSource(a: SourceState, b: SourceState): boolean {
  return (
    a.uuid === b.uuid &&
    a['snapshot-id'] === b['snapshot-id'] &&
    a['schema-id'] === b['schema-id'] &&
    a['version-id'] === b['version-id'] &&
    a.definition === b.definition
  );
}

/** A table with what is to be known of it where it is a materialized view. */
export async function withView(
  ctx: ServiceContext,
  at: ResolvedRef,
  table: ResolvedTable,
): Promise<ResolvedTable> {
  const sql = table.metadata.properties[VIEW_SQL];
  if (sql === undefined) return table;
  const stale = await staleness(ctx, at, table.metadata);
  return {
    ...table,
    view:
      stale === null
        ? { sql, fresh: true, reason: 'its tables are as they were when it was refreshed' }
        : { sql, fresh: false, reason: stale },
  };
}

/**
 * Why a view's rows may not be the answer of its query any more; null where they are.
 *
 * @param within the ids of the views whose rows were made of it
 */
export async function staleness(
  ctx: ServiceContext,
  at: ResolvedRef,
  metadata: TableMetadata,
  within: readonly string[] = [],
): Promise<string | null> {
  // No refresh comes to that, but others write metadata too.
  if (within.includes(metadata.tableUuid)) return 'its rows are said to be made of themselves';
  const ids = [...within, metadata.tableUuid];
  const state = refreshStateOf(metadata);
  if (state === null) return 'its rows are not of a refresh';
  for (const source of state.sources) {
    const changed = await sourceStaleness(ctx, at, source, ids);
    if (changed !== null) return changed;
  }
  return null;
}

async function sourceStaleness(
  ctx: ServiceContext,
  at: ResolvedRef,
  source: SourceState,
  within: readonly string[],
): Promise<string | null> {
  if (source.type === 'view' && source.definition === undefined) {
    const changed = await viewStaleness(ctx, at, source);
    return changed === null ? null : `the view ${source.name} ${changed}`;
  }
  const found = await tableNow(ctx, at, source.name);
  if (typeof found === 'string') return found;
  const { name, metadata } = found;
  const isView = metadata.properties[VIEW_SQL] !== undefined;
  if (source.definition !== undefined)
    return isView && sameSource(source, definitionState(name, metadata))
      ? null
      : `the materialized view ${name} has changed since it was refreshed`;
  if (!sameSource(source, sourceState(found))) return `${name} has changed since it was refreshed`;
  // A view on a view is as old as that one.
  return isView && (await staleness(ctx, at, metadata, within)) !== null ? `${name} is not fresh` : null;
}

/** The table that a name means now; else why there is none. */
async function tableNow(ctx: ServiceContext, at: ResolvedRef, name: string): Promise<ResolvedTable | string> {
  try {
    const { metadata } = await loadTableAt(ctx, at.hash, name.split('.'));
    return { name, metadata };
  } catch (error) {
    if (isAppError(error, 'TABLE_NOT_FOUND')) return `${name} is not there any more`;
    // By a plain view of the name the query still has an answer.
    if (isAppError(error, 'INVALID_INPUT')) return `${name} is no table any more`;
    throw error;
  }
}

/** The same of a view that its rows were read through. */
async function viewStaleness(
  ctx: ServiceContext,
  { hash }: ResolvedRef,
  source: SourceState,
): Promise<string | null> {
  const key = source.name.split('.');
  const content = await ctx.catalog.getContent(hash, key);
  if (content === null) return 'is not there any more';
  if (content.id !== source.uuid || content.value['versionId'] !== source['version-id'])
    return 'has changed since it was refreshed';
  try {
    // No refresh comes to that now, but earlier ones did, and what is read AT another place may be anything since.
    const { sql } = await openView(ctx, hash, key, content);
    return readsHistory(sql) ? 'reads its tables AT a version or time' : null;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return "can't be read any more";
  }
}
