import type { TableDiff, TableDiffRequest } from '#shared/contract/diff.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import { planScan, type ScanSource } from '#server/engine/plan/scan-source.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import type { QueryContext } from '../query/index.ts';
import { type ResolvedRef } from '../refs/index.ts';
import { loadTableAtRef, parseTableId, tableId, type CatalogTable } from '../tables/index.ts';
import { endsOfDiff } from './ends-of-diff.ts';
import { countsSql, rowsSql } from './row-diff-sql.ts';
import { diffSchemas } from './schema-diff.ts';

const BEFORE = 'rows before';
const AFTER = 'rows after';
const EVERYTHING = { op: 'true' } as const;

/**
 * Which rows of a table differ between two places in history. Reads only the data files that one version alone has,
 * or that have other deletes there. Rows are compared as the later version's columns show them.
 *
 * @throws REF_NOT_FOUND, TABLE_NOT_FOUND where neither has it, COLUMN_NOT_FOUND for a key or a filter, UNSUPPORTED where the
 *   table was replaced by another one; what ServerEngine throws
 */
export async function diffTableRows(
  ctx: QueryContext,
  table: string,
  request: TableDiffRequest,
  signal?: AbortSignal,
): Promise<TableDiff> {
  const { limit = 100, offset = 0 } = request;
  const ends = await endsOfDiff(ctx, request);
  const { before, after, shown } = await bothVersions(ctx, table, ends);
  const schema = currentSchema(shown.metadata);
  const keys = keysOf(schema, request.keys, table);
  const [was, now] = await Promise.all([
    scan(ctx, before, schema, BEFORE, signal),
    scan(ctx, after, schema, AFTER, signal),
  ]);
  const shared = new Set([...was.files.keys()].filter((key) => now.files.has(key)));
  const sources = [without(was, shared), without(now, shared)];
  const cancel = signal === undefined ? {} : { signal };
  const { opener, deletedRows } = ctx;
  const scans = await executableScans({ opener, deletedRows, sources, ...cancel });
  const query = {
    before: BEFORE,
    after: AFTER,
    columns: schema.fields.map(({ name }) => name),
    keys,
    sortable: schema.fields.flatMap(({ type }, index) => (isPrimitive(type) ? [index] : [])),
  };
  const filter = {
    kinds: request.kinds,
    text: request.text,
    changedIn: request.changedIn === undefined ? undefined : columnOf(schema, request.changedIn, table),
  };
  const run = async (sql: string) => (await ctx.engine.json({ sql, scans, columns: [], ...cancel })).rows;
  const [counts = []] = await run(countsSql(query));
  const [added = '0', removed = '0', changed = '0', ...changedIn] = counts.map(String);
  // One more than asked for tells whether there is a following page.
  const found = limit === 0 ? [] : await run(rowsSql(query, { limit: limit + 1, offset }, filter));
  const width = schema.fields.length;
  return {
    table: tableId(shown.key),
    from: placeOf(ends.from, before),
    to: placeOf(ends.to, after),
    schema: diffSchemas(schemaOf(before), schemaOf(after)),
    keys: keys.map((index) => schema.fields[index]?.name ?? ''),
    columns: schema.fields.map(({ name, type }) => ({ name, type: duckDbTypeOf(type) })),
    counts: { added, removed, changed },
    changedColumns: schema.fields.flatMap(({ name }, index) => {
      const rows = changedIn[index] ?? '0';
      return rows === '0' ? [] : [{ name, rows }];
    }),
    filesRead: { before: sources[0]?.files.length ?? 0, after: sources[1]?.files.length ?? 0 },
    filesShared: shared.size,
    rows: found.slice(0, limit).map(([kind, times, ...values]) => ({
      kind: kind as 'added',
      count: String(times),
      before: kind === 'added' ? null : values.slice(0, width),
      after: kind === 'removed' ? null : values.slice(width),
    })),
    ...(found.length > limit ? { next: offset + limit } : {}),
  };
}

interface Versions {
  readonly before: CatalogTable | null;
  readonly after: CatalogTable | null;
  /** Whose columns are shown. */
  readonly shown: CatalogTable;
}

async function bothVersions(
  ctx: QueryContext,
  table: string,
  { from, to }: { readonly from: ResolvedRef; readonly to: ResolvedRef },
): Promise<Versions> {
  const key = parseTableId(table);
  const load = async (at: ResolvedRef) =>
    loadTableAtRef(ctx, at, key).catch((error: unknown) => {
      if (isAppError(error, 'TABLE_NOT_FOUND')) return error;
      throw error;
    });
  const [before, after] = await Promise.all([load(from), load(to)]);
  if (isAppError(after)) {
    if (isAppError(before)) throw after;
    return { before, after: null, shown: before };
  }
  if (isAppError(before)) return { before: null, after, shown: after };
  if (before.content.id !== after.content.id) {
    throw new AppError(
      'UNSUPPORTED',
      `${table} was replaced by another table of that name between the two, so their rows have nothing to do with each other. Query each of them.`,
      { context: { table } },
    );
  }
  return { before, after, shown: after };
}

/** @throws COLUMN_NOT_FOUND, INVALID_INPUT for a nested one */
function keysOf(schema: Schema, names: readonly string[] | undefined, table: string): readonly number[] {
  const fields =
    names === undefined
      ? schema.fields.filter(({ id }) => schema.identifierFieldIds.includes(id))
      : names.map((name) => fieldOf(schema, name, table));
  return [...new Set(fields.map((field) => schema.fields.indexOf(field)))];
}

/** Its index. @throws COLUMN_NOT_FOUND */
function columnOf(schema: Schema, name: string, table: string): number {
  return schema.fields.indexOf(fieldOf(schema, name, table));
}

function fieldOf(schema: Schema, name: string, table: string): Schema['fields'][number] {
  const field = findFieldByName(schema, name);
  if (field !== undefined) return field;
  throw new AppError(
    'COLUMN_NOT_FOUND',
    `${table} has no column '${name}'; its columns are ${schema.fields.map((known) => known.name).join(', ')}.`,
    { context: { table, column: name } },
  );
}

interface ScannedFiles {
  readonly source: ScanSource;
  /** Index in the source by what the rows of a file depend on. */
  readonly files: ReadonlyMap<string, number>;
}

async function scan(
  ctx: QueryContext,
  table: CatalogTable | null,
  schema: Schema,
  view: string,
  signal: AbortSignal | undefined,
): Promise<ScannedFiles> {
  const metadata: TableMetadata | null = table?.metadata ?? null;
  if (table === null || metadata === null) return { source: nothing(schema, view), files: new Map() };
  const source = await planScan({
    io: ctx.io,
    manifests: ctx.manifests,
    fileUrl: (location) => location,
    deletesUrl: () => '',
    table: { name: tableId(table.key), metadata },
    schema,
    fields: schema.fields,
    filter: EVERYTHING,
    read: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const files = new Map(
    source.files.map((location, index) => [`${location} ${source.deletes[index]?.key ?? ''}`, index]),
  );
  return { source: { ...source, scan: { ...source.scan, view } }, files };
}

function nothing(schema: Schema, view: string): ScanSource {
  const columns = schema.fields.map(({ id, name, type }) => ({
    fieldId: id,
    name,
    sqlType: duckDbTypeOf(type),
    type,
  }));
  return {
    table: null,
    scan: { view, table: '', columns, files: [], filesKnown: 0, pruning: [] },
    fields: schema.fields,
    files: [],
    formats: [],
    deletes: [],
    planned: [],
    filter: EVERYTHING,
  };
}

/** Only the files that the other version has not, or not with the same deletes. */
function without({ source, files }: ScannedFiles, shared: ReadonlySet<string>): ScanSource {
  const kept = [...files].flatMap(([key, index]) => (shared.has(key) ? [] : [index]));
  const pick = <T>(list: readonly T[]): T[] => kept.flatMap((index) => list.slice(index, index + 1));
  return {
    ...source,
    scan: { ...source.scan, files: pick(source.scan.files) },
    files: pick(source.files),
    formats: pick(source.formats),
    deletes: pick(source.deletes),
    planned: pick(source.planned),
  };
}

function placeOf({ name, hash }: ResolvedRef, table: CatalogTable | null): TableDiff['from'] {
  const snapshotId = table?.metadata.currentSnapshotId;
  return { ref: name, hash, ...(snapshotId === undefined ? {} : { snapshotId: String(snapshotId) }) };
}

function schemaOf(table: CatalogTable | null): Schema | null {
  return table === null ? null : currentSchema(table.metadata);
}
