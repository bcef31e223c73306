import { afterAll, beforeAll, expect, it } from 'vitest';
import { positionDeletes } from '#server/engine/testing/delete-files.ts';
import { rewriteTableDeletes } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

/** Reserved: the column of a position delete file that has the data files' locations. */
const FILE_PATH_ID = 2147483546;

let lake: MaintenanceFixture;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

it('gives files that share delete files one each, so that a second run has nothing to do', async () => {
  for (const from of [0, 10, 20, 30])
    await lake.append('d.shared', `SELECT i FROM range(${from}, ${from + 10}) t(i)`, {});
  const paths = (await lake.files('d.shared'))
    .map(({ file }) => file.filePath)
    .sort((a, b) => (a < b ? -1 : 1));
  const deleteAt = async (position: number, ...files: readonly number[]) => {
    const { metadata } = await lake.load('d.shared');
    const rows = files.map((file) => ({ path: paths[file] ?? '', position }));
    const deletes = await positionDeletes(lake.tables, metadata, rows);
    // Whole, as writers of delete files give them: by these a scan knows which files they are not for.
    const bound = (path = '') => new Map([[FILE_PATH_ID, new TextEncoder().encode(path)]]);
    const [lowerBounds, upperBounds] = [bound(rows.at(0)?.path), bound(rows.at(-1)?.path)];
    await lake.addDeletes('d.shared', [{ ...deletes, lowerBounds, upperBounds }]);
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
    positions: '5',
  });
  expect((await lake.files('d.shared')).map(({ deletes }) => deletes.length)).toEqual([1, 1, 1, 1]);
  expect(await lake.rows('SELECT i FROM d.shared ORDER BY i')).toEqual(rows);
  expect((await rewriteTableDeletes(lake.ctx, 'd.shared')).commits).toEqual([]);
});
