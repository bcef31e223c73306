import { afterAll, beforeAll, expect, it } from 'vitest';
import { positionDeletes } from '#server/engine/testing/delete-files.ts';
import { rewriteTableDeletes } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

let lake: MaintenanceFixture;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

it('gives files that share delete files one each, so that a second run has nothing to do', async () => {
  for (const from of [0, 10, 20, 30])
    await lake.append('d.shared', `SELECT i FROM range(${from}, ${from + 10}) t(i)`, {});
  const paths = (await lake.files('d.shared')).map(({ file }) => file.filePath);
  const deleteAt = async (position: number, ...files: readonly number[]) => {
    const { metadata } = await lake.load('d.shared');
    const rows = files.map((file) => ({ path: paths[file] ?? '', position }));
    await lake.addDeletes('d.shared', [await positionDeletes(lake.tables, metadata, rows)]);
  };
  // The first has two; the second and the third hang on it by what they share; the last has one of its own.
  await deleteAt(1, 0);
  await deleteAt(2, 0, 1);
  await deleteAt(3, 1, 2);
  await deleteAt(4, 3);
  const rows = await lake.rows('SELECT i FROM d.shared ORDER BY i');
  expect(rows).toHaveLength(34);
  expect(await rewriteTableDeletes(lake.ctx, 'd.shared')).toMatchObject({
    deleteFilesBefore: 4,
    deleteFilesAfter: 4,
    dangling: 0,
  });
  expect((await lake.files('d.shared')).map(({ deletes }) => deletes.length)).toEqual([1, 1, 1, 1]);
  expect(await lake.rows('SELECT i FROM d.shared ORDER BY i')).toEqual(rows);
  expect((await rewriteTableDeletes(lake.ctx, 'd.shared')).commits).toEqual([]);
});
