import type { PlanRequest } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { TokenCursor } from '#server/engine/dml/token-cursor.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { resolveRef, type ResolvedRef } from '../refs/index.ts';
import { findContentAtRef, NAMESPACE, propertiesOfNamespace } from '../tables/index.ts';
import { ICEBERG_VIEW, openView } from '../views/index.ts';
import type { QueryContext } from './plan-select.ts';
import { isUnder, namespaceShown } from './shown-namespace.ts';
import { planShown, timeLiteral, valuesSql, type Columns } from './values-sql.ts';

/** Beside tables, which DuckDB's parser knows: schemas, views, and what became of one of them. */
export type Shown =
  | { readonly kind: 'schemas' | 'views'; readonly under: readonly string[] }
  | { readonly kind: 'history'; readonly of: readonly string[]; readonly position: number };

const LISTS = new Map<string, 'schemas' | 'views'>([
  ['SCHEMAS', 'schemas'],
  ['NAMESPACES', 'schemas'],
  ['DATABASES', 'schemas'],
  ['VIEWS', 'views'],
]);

const COLUMNS: Readonly<Record<Shown['kind'], Columns>> = {
  schemas: [
    ['name', 'VARCHAR'],
    ['tables', 'BIGINT'],
    ['views', 'BIGINT'],
    ['comment', 'VARCHAR'],
  ],
  views: [
    ['namespace', 'VARCHAR'],
    ['name', 'VARCHAR'],
    ['query', 'VARCHAR'],
    ['dialect', 'VARCHAR'],
  ],
  history: [
    ['hash', 'VARCHAR'],
    ['message', 'VARCHAR'],
    ['author', 'VARCHAR'],
    ['time', 'TIMESTAMP'],
    ['snapshot', 'BIGINT'],
  ],
};

/** Commits that DESCRIBE HISTORY gives; the API and the history page have all. */
const MOST_COMMITS = 1000;

/**
 * What `SHOW SCHEMAS | VIEWS [FROM | IN a]` or `DESCRIBE HISTORY t` asks for; null for any other statement.
 *
 * @param words its leadingWords
 */
export function shownContents(sql: string, [first, second, third]: readonly string[]): Shown | null {
  if (first === 'SHOW') {
    const kind = LISTS.get(second ?? '');
    if (kind === undefined || (third !== undefined && third !== 'FROM' && third !== 'IN')) return null;
    const cursor = new TokenCursor(sql);
    cursor.skip();
    cursor.skip();
    return { kind, under: namespaceShown(cursor) };
  }
  if (
    (first !== 'DESCRIBE' && first !== 'DESC') ||
    second !== 'HISTORY' ||
    third === undefined ||
    third === '.'
  )
    return null;
  const cursor = new TokenCursor(sql);
  cursor.skip();
  cursor.skip();
  const { position } = cursor;
  const of = cursor.path("a table's name");
  cursor.finish();
  return { kind: 'history', of, position };
}

/** A query whose rows are that. */
export async function showContents(
  ctx: QueryContext,
  request: PlanRequest,
  shown: Shown,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const ref = await resolveRef(ctx, request.ref);
  const rows =
    shown.kind === 'history'
      ? await historyRows(ctx, ref, request.sql, shown)
      : await listRows(ctx, ref, shown.kind, shown.under);
  return planShown(ctx, request, valuesSql(COLUMNS[shown.kind], rows), signal);
}

async function listRows(
  ctx: QueryContext,
  { hash }: ResolvedRef,
  kind: 'schemas' | 'views',
  under: readonly string[],
): Promise<string[][]> {
  const contents = (await ctx.catalog.listContents(hash)).filter(
    ({ key }) => key.length > under.length && isUnder(key, under),
  );
  if (kind === 'schemas') return schemaRows(contents, under.length);
  const views = contents.filter(({ content }) => content.type === ICEBERG_VIEW);
  return Promise.all(
    views.map(async ({ key, content }) => {
      const { sql, dialect } = await openView(ctx, hash, key, content);
      const names = [key.slice(0, -1).join('.'), key.at(-1) ?? '', sql, dialect];
      return names.map(quoteLiteral);
    }),
  );
}

/** Those that only have something beneath them, too. */
function schemaRows(
  contents: readonly { readonly key: ContentKey; readonly content: Content }[],
  levels: number,
): string[][] {
  const found = new Map<string, { tables: number; views: number; comment: string | null }>();
  const at = (key: ContentKey) => {
    const name = key.join('.');
    const known = found.get(name) ?? { tables: 0, views: 0, comment: null };
    found.set(name, known);
    return known;
  };
  for (const { key, content } of contents) {
    for (let count = levels + 1; count < key.length; count += 1) at(key.slice(0, count));
    if (content.type === NAMESPACE) at(key).comment = propertiesOfNamespace(content)['comment'] ?? null;
    else if (key.length > levels + 1)
      at(key.slice(0, -1))[content.type === ICEBERG_VIEW ? 'views' : 'tables'] += 1;
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { tables, views, comment }]) => [
      quoteLiteral(name),
      String(tables),
      String(views),
      comment === null ? 'NULL' : quoteLiteral(comment),
    ]);
}

async function historyRows(
  ctx: QueryContext,
  ref: ResolvedRef,
  sql: string,
  { of, position }: Shown & { readonly kind: 'history' },
): Promise<string[][]> {
  const { key } = await findContentAtRef(ctx, ref, of).catch((error: unknown) => {
    throw error instanceof AppError ? withPlace(error, sql, position) : error;
  });
  const { commits } = await ctx.catalog.log(ref.hash, { limit: MOST_COMMITS, keys: [key] });
  return Promise.all(
    commits.map(async ({ hash, message, author, time }) => {
      const snapshot = (await ctx.catalog.getContent(hash, key))?.value['snapshotId'];
      return [
        quoteLiteral(hash),
        quoteLiteral(message),
        quoteLiteral(author),
        timeLiteral(time),
        typeof snapshot === 'string' ? snapshot : 'NULL',
      ];
    }),
  );
}
