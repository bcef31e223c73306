import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from './testing/dml-fixture.ts';

let lake: DmlFixture;
beforeAll(async () => {
  lake = await DmlFixture.open();
  await lake.run('CREATE TABLE s.t (i BIGINT, a BIGINT, b VARCHAR)');
  for (const from of [0, 1000, 2000])
    await lake.run(
      `INSERT INTO s.t SELECT i, (hash(i) % 100)::BIGINT, md5(i::VARCHAR) FROM range(${from}, ${from + 1000}) t(i)`,
    );
});
afterAll(() => lake.close());

it('OPTIMIZE … ZORDER BY rewrites files and says so', async () => {
  const before = await lake.rows('SELECT * FROM s.t ORDER BY i');
  const result = await lake.run('OPTIMIZE s.t FULL ZORDER BY (a, b)');
  expect(result).toMatchObject({
    kind: 'optimize',
    table: 's.t',
    rows: { inserted: '0', updated: '0', deleted: '0' },
    commit: { message: 'Z-order s.t by a, b' },
  });
  expect(result.note).toMatch(/^3 files \(.* MB\) became 1 .*Selective queries read 100 %/);
  expect(await lake.rows('SELECT * FROM s.t ORDER BY i')).toEqual(before);
  const again = await lake.run('optimize table s.t');
  expect(again.note).toBe('Its files are as they should be.');
  expect(again.commit).toBeUndefined();
});

it('VACUUM keeps what the history of the catalog shows', async () => {
  const rehearsal = await lake.run('VACUUM s.t RETAIN 0 HOURS DRY RUN');
  expect(rehearsal.note).toMatch(/^3 snapshots would be expired, 0 files would be deleted\..* 3 of them/);
  expect(rehearsal.commit).toBeUndefined();
  const result = await lake.run('VACUUM s.t RETAIN 0 HOURS;');
  expect(result).toMatchObject({ kind: 'vacuum', commit: { message: 'Expire snapshots of s.t' } });
  expect(await lake.rows('SELECT count(*)::INT FROM s.t')).toEqual([[3000]]);
});

it('words that are off are named with their place', async () => {
  expect(await lake.refusal('VACUUM s.t RETAIN 7 parsecs')).toMatchObject({
    code: 'SQL_SYNTAX',
    at: 'parsecs',
  });
  expect(await lake.refusal('OPTIMIZE s.t ZORDER a')).toMatchObject({ code: 'SQL_SYNTAX', at: 'ZORDER a' });
  expect(await lake.refusal('OPTIMIZE s.t ZORDER BY (nope)')).toMatchObject({ code: 'COLUMN_NOT_FOUND' });
});
