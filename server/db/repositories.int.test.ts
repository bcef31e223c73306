import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import { createNotebookRepository } from './notebook-repository.ts';
import type { OpenDatabase } from './open-database.ts';
import { createSettingRepository } from './setting-repository.ts';
import { testDatabases } from './testing.ts';

const cells: Cell[] = [{ id: 'a', kind: 'sql', source: "SELECT 'ü', 1", view: 'grid' }];

describe.each(testDatabases())('repositories on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('saves a notebook only over the version that the edit started from', async () => {
    const notebooks = createNotebookRepository(database.db);
    const created = await notebooks.insert({ id: 'n1', title: 'One', cells });
    expect(created).toMatchObject({ id: 'n1', title: 'One', cells, version: 1 });
    expect(await notebooks.insert({ id: 'n1', title: 'Other', cells })).toBeNull();

    expect(await notebooks.save({ id: 'n1', title: 'Two', cells: [], version: 1 })).toMatchObject({
      version: 2,
      cells: [],
    });
    expect(await notebooks.save({ id: 'n1', title: 'Late', cells, version: 1 })).toBeNull();
    expect(await notebooks.get('n1')).toMatchObject({ title: 'Two', version: 2 });

    const racing = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        notebooks.save({ id: 'n1', title: `r${index}`, cells, version: 2 }),
      ),
    );
    expect(racing.filter((saved) => saved !== null)).toHaveLength(1);
  });

  it('lists the last changed first, and forgets what was deleted', async () => {
    const notebooks = createNotebookRepository(database.db);
    await notebooks.insert({ id: 'n2', title: 'Newer', cells });
    expect((await notebooks.list()).map(({ id }) => id)).toEqual(['n2', 'n1']);
    expect(await notebooks.delete('n2')).toBe(true);
    expect(await notebooks.delete('n2')).toBe(false);
    expect(await notebooks.get('n2')).toBeNull();
  });

  it('keeps settings', async () => {
    const settings = createSettingRepository(database.db);
    expect(await settings.get('demo')).toBeNull();
    await settings.set('demo', 'loading');
    await settings.set('demo', 'done');
    expect(await settings.get('demo')).toBe('done');
  });
});
