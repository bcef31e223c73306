import { utimes } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aloneInProcess } from '#server/db/alone.ts';
import type { Content } from '#server/catalog/model.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { fsck } from '../fsck/index.ts';
import { MaintenanceFixture } from '../maintenance/testing/maintenance-fixture.ts';
import { expireTableSnapshots } from '../tables/index.ts';
import { collectGarbage, setRetention, type GcContext } from './index.ts';

let lake: MaintenanceFixture;
let ctx: GcContext;
beforeEach(async () => {
  lake = await MaintenanceFixture.open();
  const values = new Map<string, string>();
  const settings = {
    get: async (name: string) => values.get(name) ?? null,
    set: async (name: string, value: string) => void values.set(name, value),
  };
  ctx = { ...lake.ctx, settings, alone: aloneInProcess() };
});
afterEach(() => lake.close());

const TEN_DAYS_AGO = new Date(Date.now() - 10 * 24 * 3600 * 1000);
/** The reflog keeps nothing that was before now. */
const soon = () => new Date(Date.now() + 1000).toISOString();

async function age(): Promise<void> {
  for await (const { location } of ctx.io.list(ctx.io.root))
    await utimes(ctx.io.localPath(location) ?? '', TEN_DAYS_AGO, TEN_DAYS_AGO);
}

const head = async (branch: string) => (await ctx.catalog.getRef(branch)).hash;

/** A table written three times, whose snapshots but the last have expired, so that only history holds their files. */
async function overwritten(table: string, branch = 'main'): Promise<string[]> {
  const heads: string[] = [];
  for (const from of [0, 10, 20]) {
    await lake.append(table, `SELECT i FROM range(${from}, ${from + 10}) t(i)`, {}, branch);
    heads.push(await head(branch));
  }
  await expireTableSnapshots(ctx, table, { branch, olderThan: new Date(Date.now() + 60_000).toISOString() });
  return heads;
}

describe('garbage collection', () => {
  it('keeps all of history where nobody has said otherwise', async () => {
    const heads = await overwritten('a.t');
    await age();
    const result = await collectGarbage(ctx, { olderThan: soon() });
    expect(result).toMatchObject({ expiredVersions: 0, keptVersions: 4, files: 0 });
    for (const [index, at] of heads.entries())
      expect(await lake.rows('SELECT count(*)::INT FROM a.t', at)).toEqual([[(index + 1) * 10]]);
  });

  it('does not run twice at once; a dry run looks on', async () => {
    await overwritten('a.t');
    const [one, other, dry] = await Promise.allSettled([
      collectGarbage(ctx),
      collectGarbage(ctx),
      collectGarbage(ctx, { dryRun: true }),
    ]);
    expect([one.status, dry.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'ALREADY_RUNNING' } });
    expect(await collectGarbage(ctx)).toMatchObject({ dryRun: false });
  });

  it('removes what no kept commit shows; reading it says that it has expired, and everything else is whole', async () => {
    const [first = '', second = ''] = await overwritten('a.t');
    const [other = ''] = await overwritten('b.t');
    await ctx.catalog.createRef({ name: 'v1', type: 'TAG', hash: second });
    await age();
    await setRetention(ctx, {
      branches: [{ branch: 'ma*', keepLast: 1 }],
      namespaces: [{ namespace: 'b', keepForMs: 3_600_000 }],
    });
    const rehearsed = await collectGarbage(ctx, { olderThan: soon(), dryRun: true });
    expect(rehearsed.deletedFiles).toBe(0);
    expect(await lake.rows('SELECT count(*)::INT FROM a.t', first)).toEqual([[10]]);
    const done = await collectGarbage(ctx, { olderThan: soon() });
    // What it said it would do, it does.
    expect({ ...done, dryRun: true, deletedFiles: 0 }).toEqual(rehearsed);
    expect(done).toMatchObject({ expiredVersions: 2, deletedFiles: done.files });
    expect(done.tables).toMatchObject([{ table: 'a.t', expiredVersions: 2 }]);
    for (const [sql, at, rows] of [
      ['SELECT count(*)::INT FROM a.t', 'v1', 20],
      ['SELECT count(*)::INT FROM a.t', 'main', 30],
      ['SELECT count(*)::INT FROM b.t', other, 10],
    ] as const)
      expect(await lake.rows(sql, at)).toEqual([[rows]]);
    await expect(lake.rows('SELECT * FROM a.t', first)).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' });
    expect(await fsck(ctx, { deep: true })).toMatchObject({ clean: true });
    // What is gone stays gone, also where more is to be kept from now on.
    await setRetention(ctx, { branches: [], namespaces: [] });
    expect(await collectGarbage(ctx)).toMatchObject({ expiredVersions: 0, files: 0 });
    await expect(lake.rows('SELECT * FROM a.t', first)).rejects.toMatchObject({ code: 'HISTORY_EXPIRED' });
  });

  it('spares young files of commits under way, and refuses to be told otherwise', async () => {
    await expect(collectGarbage(ctx, { filesOlderThan: soon() })).rejects.toThrow(/last hour/);
  });
});

const step = fc.oneof(
  fc.record({ append: fc.nat(1), on: fc.nat(2) }),
  fc.record({ branch: fc.integer({ min: 1, max: 2 }), from: fc.nat(2) }),
  fc.record({ tag: fc.nat(2), on: fc.nat(2) }),
  fc.record({ drop: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ expire: fc.nat(1), on: fc.nat(2) }),
  fc.record({ collect: fc.nat(2), last: fc.integer({ min: 1, max: 3 }) }),
);

/** Three branches of which each has something of its own to lose. */
const BEGINNING: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[] = [
  { append: 0, on: 0 },
  { branch: 1, from: 0 },
  { branch: 2, from: 0 },
  ...[0, 1, 2, 0, 1, 2].map((on) => ({ append: on % 2, on })),
];

it('whatever is collected on one branch, every head, tag and kept commit of the others is read as before', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      run += 1;
      const name = (index: number) => `g${run}-${index}`;
      await ctx.catalog.createRef({ name: name(0), type: 'BRANCH', hash: await head('main') });
      const rows = new Map<string, number>();
      const ignore = (error: unknown) => {
        if (!isAppError(error) || !/_NOT_FOUND|_EXISTS|HISTORY_EXPIRED/.test(error.code)) throw error;
      };
      const remember = async (branch: string) => {
        const at = await head(branch);
        for (const { key } of await ctx.catalog.listContents(at))
          if (key[0] === `n${run}` && key.length === 2) {
            const [[count] = []] = await lake.rows(`SELECT count(*)::INT FROM ${key.join('.')}`, at);
            rows.set(`${at} ${key.join('.')}`, count as number);
          }
      };
      for (const one of [...BEGINNING, ...steps]) {
        if ('append' in one) {
          const on = name(one.on);
          await lake
            .append(`n${run}.t${one.append}`, 'SELECT i FROM range(5) t(i)', {}, on)
            .then(() => remember(on))
            .catch(ignore);
        } else if ('branch' in one || 'tag' in one) {
          const [from, to] = 'tag' in one ? [one.on, `v${run}-${one.tag}`] : [one.from, name(one.branch)];
          await head(name(from))
            .then((hash) => ctx.catalog.createRef({ name: to, type: 'tag' in one ? 'TAG' : 'BRANCH', hash }))
            .catch(ignore);
        } else if ('drop' in one) await ctx.catalog.deleteRef({ name: name(one.drop) }).catch(ignore);
        else if ('expire' in one) {
          const olderThan = new Date(Date.now() + 60_000).toISOString();
          await expireTableSnapshots(ctx, `n${run}.t${one.expire}`, {
            branch: name(one.on),
            olderThan,
          }).catch(ignore);
        } else {
          await age();
          const branch = name(one.collect);
          await setRetention(ctx, { branches: [{ branch, keepLast: one.last }], namespaces: [] });
          const watched: { at: string; table: string; content: Content }[] = [];
          for (const ref of await ctx.catalog.listRefs()) {
            const keepsAll = ref.type === 'BRANCH' && ref.name !== branch;
            const older = keepsAll ? (await ctx.catalog.log(ref.hash, { limit: 100 })).commits : [];
            for (const at of [ref.hash, ...older.map(({ hash }) => hash)])
              for (const { key, content } of await ctx.catalog.listContents(at))
                watched.push({ at, table: key.join('.'), content });
          }
          const gone = await ctx.catalog.areExpired(watched.map(({ content }) => content));
          await collectGarbage(ctx, { olderThan: soon() });
          for (const [index, { at, table }] of watched.entries()) {
            const wanted = rows.get(`${at} ${table}`);
            if (wanted === undefined || gone[index] === true) continue;
            expect(await lake.rows(`SELECT count(*)::INT FROM ${table}`, at)).toEqual([[wanted]]);
          }
          expect(await fsck(ctx, { deep: true })).toMatchObject({ faults: [] });
        }
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 8), endOnFailure: true },
  );
}, 120_000);
