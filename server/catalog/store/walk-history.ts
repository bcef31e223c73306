import { sql, type SQL } from 'drizzle-orm';
import type { Database } from '#server/db/open-database.ts';
import type { Hash } from '../model.ts';
import type { Walk } from './catalog-store.ts';
import { queryRows } from './query-rows.ts';

/**
 * First parents, found by lines: those of one line are a range of an index, so a walk costs what it finds and how many
 * lines it crosses, not how long history is. Lines are taken newest first and no further than the limit asks.
 */
export async function walkHistory(db: Database, walk: Walk): Promise<readonly Hash[]> {
  const filters: SQL[] = [];
  if (walk.since !== undefined) filters.push(sql`c.time >= ${walk.since}::bigint`);
  if (walk.until !== undefined) filters.push(sql`c.time <= ${walk.until}::bigint`);
  if (walk.author !== undefined) filters.push(sql`lower(c.author) = lower(${walk.author}::text)`);
  if (walk.text !== undefined) {
    filters.push(sql`position(lower(${walk.text}::text) in lower(c.message)) > 0`);
  }
  const where = sql.join([sql`c.parent is not null`, ...filters], sql` and `);
  const limit = sql`${walk.limit}::int`;
  const commits =
    walk.paths === undefined
      ? sql`select c.hash, c.time from catalog_commits c
          where c.line = segment.line and c.time <= segment.newest and ${where}
          order by c.time desc limit ${limit}`
      : sql`select distinct c.hash, c.time from (
            select hit.time from unnest(array[${sql.join(
              walk.paths.map((path) => sql`${path}::text`),
              sql`, `,
            )}]) wanted (path) cross join lateral (
              select one.time from catalog_changes one
              where one.path = wanted.path and one.line = segment.line and one.time <= segment.newest
              order by one.time desc ${filters.length === 0 ? sql`limit ${limit}` : sql``}
            ) hit
          ) changed join catalog_commits c on c.line = segment.line and c.time = changed.time
          where ${where} order by c.time desc limit ${limit}`;
  const rows = await queryRows<{ hash: Hash; time: string | number }>(
    db,
    sql`
    with recursive segment (line, newest) as (
      select line, time from catalog_commits where hash = ${walk.from}::text
      union all
      select p.line, p.time from segment
        join catalog_commits first on first.hash = segment.line
        join catalog_commits p on p.hash = first.parent
        where ${walk.since === undefined ? sql`true` : sql`p.time >= ${walk.since}::bigint`}
    )
    select found.hash, found.time from segment cross join lateral (${commits}) found limit ${limit}`,
  );
  return [...rows].sort((a, b) => Number(b.time) - Number(a.time)).map(({ hash }) => hash);
}
