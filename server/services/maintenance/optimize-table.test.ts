import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deletionVector, equalityDeletes, positionDeletes } from '#server/engine/testing/delete-files.ts';
import { alterTable } from '../tables/index.ts';
import { optimizeTable } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

let lake: MaintenanceFixture;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

const rowsOf = (table: string) => lake.rows(`SELECT * FROM ${table} ORDER BY ALL`);

/** Rows of two columns that have nothing to do with each other, a text among them. */
const scattered = (from: number, count: number) =>
  `SELECT i, hash(i) % 1000 AS a, md5(i::VARCHAR) AS b, i * 0.5 AS c FROM range(${from}, ${from + count}) t(i)`;

describe('compaction', () => {
  it('puts small files together and leaves the rows as they are', async () => {
    for (let part = 0; part < 6; part += 1)
      await lake.append('shop.small', scattered(part * 100, 100), part === 0 ? {} : undefined);
    const before = await rowsOf('shop.small');
    const result = await optimizeTable(lake.ctx, 'shop.small');
    expect(result).toMatchObject({
      strategy: 'bin-pack',
      before: { files: 6 },
      after: { files: 1, rows: '600' },
      rewritten: { files: 6 },
      written: { files: 1 },
      failedGroups: [],
    });
    expect(result.commits).toHaveLength(1);
    expect(await rowsOf('shop.small')).toEqual(before);
    const { metadata } = await lake.load('shop.small');
    expect(metadata.snapshots.at(-1)?.summary).toMatchObject({
      operation: 'replace',
      'total-records': '600',
    });
    expect(await optimizeTable(lake.ctx, 'shop.small')).toMatchObject({ groups: 0, commits: [] });
  });

  it('cuts what is too large', async () => {
    await lake.append('shop.large', scattered(0, 20_000), {});
    const [{ file }] = (await lake.files('shop.large')) as [Awaited<ReturnType<typeof lake.files>>[number]];
    const target = Math.round(Number(file.fileSizeInBytes) / 4);
    const result = await optimizeTable(lake.ctx, 'shop.large', { targetFileBytes: target });
    expect(result.after.files).toBe(4);
    expect(await lake.rows('SELECT count(*)::INT, sum(i)::BIGINT FROM shop.large')).toEqual([
      [20_000, '199990000'],
    ]);
  });

  it.each([2, 3] as const)(
    'applies deletes and takes their files along, format version %i',
    async (version) => {
      const table = `shop.deleted${version}`;
      await lake.append(table, scattered(0, 100), {});
      await lake.append(table, scattered(100, 100));
      await alterTable(lake.ctx, table, {
        changes: [{ action: 'upgrade-format-version', formatVersion: version }],
      });
      const { metadata } = await lake.load(table);
      const [first] = await lake.files(table);
      if (first === undefined) throw new Error('no file');
      const byPosition =
        version === 3
          ? await deletionVector(lake.tables, metadata, first.file, [1, 5])
          : await positionDeletes(lake.tables, metadata, [{ path: first.file.filePath, position: 7 }]);
      const byValue = await equalityDeletes(lake.tables, metadata, 'SELECT 150::BIGINT AS i', [1]);
      await lake.addDeletes(table, [byPosition, byValue]);
      const before = await rowsOf(table);
      expect(before).toHaveLength(version === 3 ? 197 : 198);
      const result = await optimizeTable(lake.ctx, table, { rewriteAll: true });
      expect(result).toMatchObject({ before: { deleteFiles: 2 }, after: { deleteFiles: 0, files: 1 } });
      expect(await rowsOf(table)).toEqual(before);
      for (const { deletes } of await lake.files(table)) expect(deletes).toEqual([]);
    },
  );

  it('keeps the lineage of rows', async () => {
    await lake.append('shop.lineage', scattered(0, 50), { 'format-version': '3' });
    await alterTable(lake.ctx, 'shop.lineage', {
      changes: [{ action: 'upgrade-format-version', formatVersion: 3 }],
    });
    await lake.append('shop.lineage', scattered(50, 50));
    await optimizeTable(lake.ctx, 'shop.lineage', { columns: ['a'], rewriteAll: true });
    const [{ file }] = (await lake.files('shop.lineage')) as [Awaited<ReturnType<typeof lake.files>>[number]];
    const path = lake.ctx.io.localPath(file.filePath) ?? '';
    const lineage = await lake.ctx.rewriter.session([], undefined, (session) =>
      session.run(
        `SELECT i::INT AS i, _row_id, _last_updated_sequence_number AS n FROM '${path}' WHERE i >= 50 ORDER BY 1`,
      ),
    );
    const { metadata } = await lake.load('shop.lineage');
    const start = metadata.snapshots.at(-2)?.firstRowId ?? -1n;
    expect(lineage.map(({ _row_id: id }) => BigInt(String(id)) - start)).toEqual(
      Array.from({ length: 50 }, (_, i) => BigInt(i) + (BigInt(String(lineage[0]?.['_row_id'])) - start)),
    );
    expect(new Set(lineage.map(({ n }) => String(n)))).toEqual(
      new Set([String(metadata.snapshots.at(-2)?.sequenceNumber)]),
    );
  });
});

describe('z-order', () => {
  it('makes files narrow in every column, of whatever type, once', async () => {
    for (let part = 0; part < 8; part += 1)
      await lake.append('shop.z', scattered(part * 5000, 5000), part === 0 ? {} : undefined);
    const files = await lake.files('shop.z');
    const bytes = files.reduce((sum, { file }) => sum + Number(file.fileSizeInBytes), 0);
    const request = { columns: ['a', 'b'], targetFileBytes: Math.round(bytes / 16) };
    const before = await rowsOf('shop.z');
    const result = await optimizeTable(lake.ctx, 'shop.z', request);
    expect(await rowsOf('shop.z')).toEqual(before);
    expect(result.after.layers).toBe(1);
    expect(result.before.layers).toBe(8);
    expect(result.after.files).toBe(16);
    expect(result.pruning?.before.bytes).toBeGreaterThan(0.95);
    // Two columns, each a tenth: of 4 × 4 files at most 2 × 2, and of single values one row or column.
    expect(result.pruning?.after.bytes).toBeLessThan(0.2);
    expect(await optimizeTable(lake.ctx, 'shop.z', request)).toMatchObject({ groups: 0 });
  });

  it('names columns that are not there, or have no order', async () => {
    await lake.append('shop.odd', 'SELECT 1 AS x, [1] AS list', {});
    await expect(optimizeTable(lake.ctx, 'shop.odd', { columns: ['nope'] })).rejects.toThrow(
      /no column 'nope'/,
    );
    await expect(optimizeTable(lake.ctx, 'shop.odd', { columns: ['list'] })).rejects.toThrow(/no order/);
    await expect(optimizeTable(lake.ctx, 'shop.odd', { strategy: 'cluster' })).rejects.toThrow(
      /timestream\.clustering\.columns/,
    );
  });
});

describe('clustering', () => {
  it('rewrites only what is not clustered yet', async () => {
    const properties = {
      'timestream.clustering.columns': 'a, b',
      'write.target-file-size-bytes': '40000',
    };
    await lake.append('shop.liquid', scattered(0, 20_000), properties);
    const first = await optimizeTable(lake.ctx, 'shop.liquid');
    expect(first).toMatchObject({ strategy: 'cluster', columns: ['a', 'b'], after: { layers: 1 } });
    const clustered = new Set((await lake.files('shop.liquid')).map(({ file }) => file.filePath));
    expect(await optimizeTable(lake.ctx, 'shop.liquid')).toMatchObject({ groups: 0 });

    await lake.append('shop.liquid', scattered(20_000, 1000));
    await lake.append('shop.liquid', scattered(21_000, 1000));
    const second = await optimizeTable(lake.ctx, 'shop.liquid');
    expect(second).toMatchObject({ rewritten: { files: 2 }, before: { layers: 3 }, after: { layers: 2 } });
    const now = new Set((await lake.files('shop.liquid')).map(({ file }) => file.filePath));
    expect([...clustered].every((path) => now.has(path))).toBe(true);
    expect(await lake.rows('SELECT count(*)::INT FROM shop.liquid')).toEqual([[22_000]]);
  });
});
