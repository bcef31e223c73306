import { sql } from 'drizzle-orm';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { createDatabaseCatalogStore } from '#server/catalog/store/database-catalog-store.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import type { BenchDatabase } from './databases.ts';

const WRITERS = 32;
const COMMITS_EACH = 10;
const SHARED: ContentKey = ['ns', 'shared'];

/** 32 writers on one branch, on tables of their own and all on one; nothing that was acknowledged may be lost. */
export async function writerCases({ name, database }: BenchDatabase): Promise<BenchCase[]> {
  const catalog = await createCatalog({ store: createDatabaseCatalogStore(database.db) });
  await database.db.execute(sql`create table if not exists bench_swaps (name text primary key, hash int)`);
  await database.db.execute(sql`insert into bench_swaps values ('main', 0) on conflict do nothing`);
  const peer = {
    name: 'the bare row update, as often',
    run: () =>
      timed(() =>
        everyWriter(async () => {
          await database.db.transaction(async (tx) => {
            await tx.execute(sql`update bench_swaps set hash = hash + 1 where name = 'main'`);
          });
        }),
      ),
  };
  const cases: BenchCase[] = [];
  for (const shared of [false, true]) {
    const seen = new Observed();
    const measured = await measure({
      name: `32 writers, ${shared ? 'one table' : 'own tables'}, ${name}`,
      work: `${WRITERS * COMMITS_EACH} commits to one branch, each read, changed and committed`,
      ours: () =>
        timed(() => everyWriter((writer) => write(catalog, shared ? SHARED : ['ns', `t${writer}`], seen))),
      peer,
    });
    await seen.checkLog(catalog);
    cases.push({ ...measured, note: seen.note(measured.ours) });
  }
  return cases;
}

async function everyWriter(work: (writer: number) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let index = 0; index < COMMITS_EACH; index++) await work(writer);
    }),
  );
}

/** Reads a table's content and commits its next version; again where another was first. */
async function write(catalog: Catalog, key: ContentKey, seen: Observed): Promise<void> {
  const started = performance.now();
  for (;;) {
    const { hash } = await catalog.getRef('main');
    const standing = await catalog.getContent(hash, key);
    const version = Number(standing?.value['version'] ?? 0) + 1;
    const content: Content = { type: 'ICEBERG_TABLE', id: key.join('.'), value: { version } };
    try {
      const commit = await catalog.commit({
        branch: 'main',
        author: 'bench',
        message: `${key.join('.')} ${version}`,
        properties: {},
        operations: [{ kind: 'put', key, content }],
        requirements: [{ key, content: standing }],
      });
      seen.landed(commit.hash, performance.now() - started);
      return;
    } catch (error) {
      if (!isAppError(error, 'COMMIT_CONFLICT')) throw error;
      seen.retries += 1;
    }
  }
}

class Observed {
  retries = 0;
  private readonly hashes: string[] = [];
  private readonly latencies: number[] = [];

  landed(hash: string, ms: number): void {
    this.hashes.push(hash);
    this.latencies.push(ms);
  }

  /** Every acknowledged commit is in the log. */
  async checkLog(catalog: Catalog): Promise<void> {
    const { hash } = await catalog.getRef('main');
    const { commits } = await catalog.log(hash, { limit: 1_000_000 });
    const log = new Set(commits.map((commit) => commit.hash));
    const lost = this.hashes.filter((one) => !log.has(one));
    if (lost.length > 0) throw new Error(`${lost.length} acknowledged commits are not in the log`);
  }

  note(ms: number): string {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
    const rate = Math.round((WRITERS * COMMITS_EACH * 1000) / ms);
    return `${rate} commits/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${this.retries} retries of ${sorted.length} commits, none lost`;
  }
}
