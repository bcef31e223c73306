import { sql, type SQL } from 'drizzle-orm';
import type { Database } from '#server/db/open-database.ts';
import {
  catalogChanges,
  catalogCommits,
  catalogObjects,
  catalogReflog,
  catalogRefs,
} from '#server/db/schema.ts';
import type { Hash, Ref } from '../model.ts';
import type { Move, NewCommit, NewObjects, RefChange } from './catalog-store.ts';
import { queryRows } from './query-rows.ts';

/** Rows of one statement: PostgreSQL takes 65,535 parameters at most. */
const BATCH = 1000;

export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** False where a ref was not as expected; then the transaction must not be committed. */
export async function moveInTransaction(tx: Transaction, id: string, move: Move): Promise<boolean> {
  // In one order of names, so that two that move the same refs don't wait for each other for good.
  const changes = [...move.changes].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const change of changes) if (!(await changeRef(tx, change))) return false;
  const branch = changes[0]?.name ?? '';
  if (await storeOneCommit(tx, { id, branch }, move)) return true;
  await addObjects(tx, move.objects);
  await indexCommits(tx, move.objects.commits, branch);
  for (const some of batches(move.records)) {
    await tx.insert(catalogReflog).values(
      some.map((record) => ({
        ...record,
        move: id,
        author: storable(record.author),
        message: storable(record.message),
      })),
    );
  }
  return true;
}

async function changeRef(tx: Transaction, { name, before, after }: RefChange): Promise<boolean> {
  const returning = { name: catalogRefs.name };
  if (before === null) {
    if (after === null) return true;
    const row = { ...after, protection: after.protection.join(',') };
    const created = await tx.insert(catalogRefs).values(row).onConflictDoNothing().returning(returning);
    return created.length === 1;
  }
  const rule = before.protection.join(',');
  const asBefore = sql`name = ${name} and hash = ${before.hash} and protection = ${rule}`;
  const changed = await queryRows(
    tx,
    after === null
      ? sql`delete from catalog_refs where ${asBefore} returning name`
      : sql`update catalog_refs set hash = ${after.hash}, protection = ${after.protection.join(',')}, updated_at = now()
            where ${asBefore} returning name`,
  );
  return changed.length === 1;
}

/**
 * What nearly every move stores is one commit with its nodes and its record: in one statement, which takes half the
 * time of one a table. Not the ref's too: this one has to see what others did until it was locked.
 *
 * @returns false where the move is another one, and nothing was stored
 */
async function storeOneCommit(
  tx: Transaction,
  { id, branch }: { readonly id: string; readonly branch: string },
  { objects, records }: Move,
): Promise<boolean> {
  const [commit, another] = objects.commits;
  const rows = objectRows(objects);
  const largest = Math.max(rows.length, commit?.paths.length ?? 0, records.length);
  if (commit === undefined || another !== undefined || largest > BATCH) return false;
  if (commit.paths.length === 0 || records.length === 0) return false;
  const stored = rows.map(({ hash, kind, bytes }) => sql`(${hash}::text, ${kind}::text, ${bytes}::bytea)`);
  const paths = commit.paths.map((path) => sql`(${path}::text)`);
  const said = records.map(
    ({ ref, type, before, after, operation, author, message, time }) => sql`(${id}::text, ${ref}::text,
      ${type}::text, ${before}::text, ${after}::text, ${operation}::text, ${storable(author)}::text,
      ${storable(message)}::text, ${time.toISOString()}::timestamptz)`,
  );
  await tx.execute(sql`
    with stored as (
      insert into catalog_objects (hash, kind, bytes) values ${list(stored)} on conflict do nothing
    ), placed as (${placing(commit, branch)}), changed as (
      insert into catalog_changes (path, line, time)
      select path.*, placed.line, ${commit.time}::bigint from placed, (values ${list(paths)}) path
      on conflict do nothing
    )
    insert into catalog_reflog (move, ref, type, before, after, operation, author, message, time)
    values ${list(said)}`);
  return true;
}

function list(rows: readonly SQL[]): SQL {
  return sql.join([...rows], sql`, `);
}

function objectRows({ nodes, commits }: NewObjects) {
  const rows = [
    ...nodes.map(({ hash, bytes }) => ({ hash, bytes, kind: 'node' as const })),
    ...commits.map(({ hash, bytes }) => ({ hash, bytes, kind: 'commit' as const })),
  ];
  // Two transactions that add the same nodes, each in an order of its own, would wait for each other for good.
  return rows.sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

async function addObjects(tx: Transaction, objects: NewObjects): Promise<void> {
  for (const some of batches(objectRows(objects)))
    await tx.insert(catalogObjects).values(some).onConflictDoNothing();
}

/**
 * Puts commits on a line: their parent's, where that was committed to the same branch and nothing follows it there,
 * otherwise one of their own. The row of the branch is locked by then, so no other can take the same place.
 */
export async function indexCommits(
  tx: Transaction,
  commits: readonly NewCommit[],
  branch: string,
): Promise<void> {
  const placed: { readonly commit: NewCommit; readonly line: string }[] = [];
  let followers: typeof placed = [];
  const insertFollowers = async () => {
    for (const some of batches(followers)) {
      await tx
        .insert(catalogCommits)
        .values(some.map(({ commit, line }) => ({ ...rowOf(commit), line, branch })))
        .onConflictDoNothing();
    }
    followers = [];
  };
  for (const commit of commits) {
    const last = placed.at(-1);
    // Right after one that was just placed there is room on its line.
    if (last !== undefined && last.commit.hash === commit.parent) {
      const follower = { commit, line: last.line };
      followers.push(follower);
      placed.push(follower);
      continue;
    }
    // Whether there is room elsewhere shows only once these are there.
    await insertFollowers();
    const line = await placeOnLine(tx, commit, branch);
    if (line !== undefined) placed.push({ commit, line });
  }
  await insertFollowers();
  const changes = placed.flatMap(({ commit, line }) =>
    commit.paths.map((path) => ({ path, line, time: commit.time })),
  );
  for (const some of batches(changes)) await tx.insert(catalogChanges).values(some).onConflictDoNothing();
}

/** The line that the commit was put on; undefined where it is on one already. */
async function placeOnLine(tx: Transaction, commit: NewCommit, branch: string): Promise<string | undefined> {
  const rows = await queryRows<{ line: string }>(tx, placing(commit, branch));
  return rows[0]?.line;
}

function placing(commit: NewCommit, branch: string): SQL {
  const { hash, parent, time, author, message } = rowOf(commit);
  return sql`
      insert into catalog_commits (hash, parent, line, branch, time, author, message)
      select ${hash}::text, ${parent}::text,
        case when p.branch = ${branch}::text and not exists (
          select 1 from catalog_commits later where later.line = p.line and later.time > p.time
        ) then p.line else ${hash}::text end,
        ${branch}::text, ${time}::bigint, ${author}::text, ${message}::text
      from (select 1) one left join catalog_commits p on p.hash = ${parent}::text
      on conflict do nothing
      returning line`;
}

function rowOf({ hash, parent, time, author, message }: NewCommit) {
  return { hash, parent, time, author: storable(author), message: storable(message) };
}

/** PostgreSQL's text has no NUL; what is searched may do without, the commit itself keeps it. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '');
}

export function refOf(row: { name: string; type: Ref['type']; hash: Hash; protection: string }): Ref {
  const protection = row.protection === '' ? [] : (row.protection.split(',') as Ref['protection'][number][]);
  return { ...row, protection };
}

export function* batches<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
