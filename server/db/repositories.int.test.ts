import { eq, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import { createNotebookHistoryRepository } from './notebook-history-repository.ts';
import { createNotebookRepository } from './notebook-repository.ts';
import type { OpenDatabase } from './open-database.ts';
import { notebookRevisions } from './schema.ts';
import { createSettingRepository } from './setting-repository.ts';
import { testDatabases } from './testing.ts';

const cells: Cell[] = [{ id: 'a', kind: 'sql', source: "SELECT 'ü', 1", view: 'grid' }];

describe.each(testDatabases())('repositories on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('refuses a NUL character, which no text of the database can hold, as the fault of who sent it', async () => {
    const settings = createSettingRepository(database.db);
    const refused = { code: 'INVALID_INPUT', message: expect.stringContaining('NUL') as unknown };
    await expect(settings.get('a\0b')).rejects.toMatchObject(refused);
    const notebooks = createNotebookRepository(database.db);
    const inside = [{ ...cells[0], source: 'a\0b' }] as Cell[];
    await expect(notebooks.insert({ id: 'nul', title: 'x', cells: inside })).rejects.toMatchObject(refused);
  });

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

  it('keeps what a notebook was: a state for some minutes of saves, and one of its own for each with a note', async () => {
    const notebooks = createNotebookRepository(database.db);
    const history = createNotebookHistoryRepository(database.db);
    await notebooks.insert({ id: 'r', title: 'First', cells });
    for (const [index, title] of ['A', 'B', 'C'].entries())
      await notebooks.save({ id: 'r', title, folder: 'x/y', mode: 'manual', cells, version: index + 1 });
    const listed = await history.revisions('r');
    expect(listed).toMatchObject([
      { version: 4, title: 'C', cells: 1 },
      { version: 1, title: 'First' },
    ]);
    await notebooks.save({ id: 'r', title: 'D', cells: [], version: 4 }, { note: 'Restored version 1' });
    await notebooks.save({ id: 'r', title: 'E', cells: [], version: 5 });
    expect((await history.revisions('r')).map(({ version, note }) => [version, note])).toEqual([
      [6, undefined],
      [5, 'Restored version 1'],
      [4, undefined],
      [1, undefined],
    ]);
    expect(await history.revision('r', 4)).toMatchObject({
      content: { title: 'C', folder: 'x/y', mode: 'manual', cells },
    });
    expect(await notebooks.save({ id: 'r', title: 'Late', cells, version: 2 })).toBeNull();
    expect(await history.revisions('r')).toHaveLength(4);
    expect((await notebooks.get('r'))?.folder).toBeUndefined();
    await notebooks.delete('r');
    expect(await history.revisions('r')).toEqual([]);
  });

  it('keeps what was run, and for good what has a name; a list says how a notebook begins and who saved it', async () => {
    const notebooks = createNotebookRepository(database.db, 5);
    const history = createNotebookHistoryRepository(database.db);
    const texts: Cell[] = [
      { id: 'e', kind: 'sql', source: ' \n', view: 'grid' },
      { id: 't', kind: 'markdown', source: `\n# Begins${'.'.repeat(300)}` },
    ];
    await notebooks.insert({ id: 'k', title: 'K', cells: texts }, 'Ada');
    const save = (version: number, about: { keepBefore?: boolean; author?: string } = {}) =>
      notebooks.save({ id: 'k', title: `K${version}`, cells: texts, version }, about);
    await save(1);
    await save(2, { keepBefore: true });
    await save(3, { author: 'Bo' });
    const versions = async () => (await history.revisions('k')).map(({ version, name }) => [version, name]);
    expect(await versions()).toEqual([
      [4, undefined],
      [2, undefined],
      [1, undefined],
    ]);
    expect(await history.nameRevision('k', 4, 'As sent')).toBe(true);
    expect(await history.nameRevision('k', 3, 'gone')).toBe(false);
    for (let version = 4; version < 12; version += 1) await save(version, { keepBefore: true });
    const kept = await versions();
    expect(kept).toContainEqual([4, 'As sent']);
    expect(kept).not.toContainEqual([5, undefined]);
    expect(kept).toHaveLength(6);
    expect((await notebooks.list()).find(({ id }) => id === 'k')).toMatchObject({
      cells: 2,
      excerpt: expect.stringMatching(/^# Begins\.+$/),
    });
    await save(12, { author: 'Bo' });
    const shown: Cell[] = [
      { id: 'e', kind: 'sql', source: ' ', view: 'grid' },
      { id: 'c', kind: 'chart', relation: 'bronze.flights' },
    ];
    await notebooks.insert({ id: 'l', title: 'L', cells: shown });
    expect((await notebooks.list()).find(({ id }) => id === 'l')?.excerpt).toBe('Chart of bronze.flights');
    await notebooks.delete('l');
    expect((await notebooks.list()).find(({ id }) => id === 'k')?.updatedBy).toBe('Bo');
    await notebooks.delete('k');
  });

  it('tells versions of two apart, and who saved each', async () => {
    const notebooks = createNotebookRepository(database.db);
    const history = createNotebookHistoryRepository(database.db);
    await notebooks.insert({ id: 'w', title: 'W', cells }, 'Ada');
    const authors = ['Ada', 'Ada', 'Bo', undefined];
    for (const [index, author] of authors.entries())
      await notebooks.save({ id: 'w', title: `W${index}`, cells, version: index + 1 }, { author });
    expect((await history.revisions('w')).map(({ version, author }) => [version, author])).toEqual([
      [5, 'Bo'],
      [3, 'Ada'],
      [1, 'Ada'],
    ]);
    expect(await history.revision('w', 3)).toMatchObject({ title: 'W1', author: 'Ada' });
    expect(await history.revisionContents('w', [5, 1, 4])).toMatchObject([
      { version: 1, content: { title: 'W' } },
      { version: 5, content: { title: 'W3' } },
    ]);
    await notebooks.delete('w');
  });

  it('keeps what gets a name while somebody types on', async () => {
    const history = createNotebookHistoryRepository(database.db);
    const title = (version: number) => ({ id: 'm', title: `M${version}`, cells, version });
    await createNotebookRepository(database.db).insert({ id: 'm', title: 'M', cells });
    await createNotebookRepository(database.db).save(title(1));
    // As another connection does it, between what the save reads of the revision and what it writes.
    const naming = new Proxy(database.db, {
      get: (db, key) =>
        key !== 'transaction'
          ? Reflect.get(db, key)
          : (work: (transaction: object) => Promise<unknown>) =>
              db.transaction(async (transaction) => work(namedBefore(transaction))),
    });
    const namedBefore = (transaction: Pick<typeof database.db, 'update'>) =>
      new Proxy(transaction, {
        get: (target, key) =>
          key !== 'update'
            ? Reflect.get(target, key)
            : (table: typeof notebookRevisions) =>
                table === notebookRevisions ? afterNaming(target) : target.update(table),
      });
    const afterNaming = (transaction: Pick<typeof database.db, 'update'>) => ({
      set: (values: object) => ({
        where: (condition: SQL) => ({
          returning: async (columns: { version: typeof notebookRevisions.version }) => {
            const ofThis = eq(notebookRevisions.notebook, 'm');
            await transaction.update(notebookRevisions).set({ name: 'As sent' }).where(ofThis);
            return transaction.update(notebookRevisions).set(values).where(condition).returning(columns);
          },
        }),
      }),
    });
    await createNotebookRepository(naming).save(title(2));
    expect(await history.revisions('m')).toMatchObject([
      { version: 3, title: 'M2' },
      { version: 2, title: 'M1', name: 'As sent' },
      { version: 1 },
    ]);
    await createNotebookRepository(database.db).delete('m');
  });

  it('gives a run that is due to one server alone', async () => {
    const notebooks = createNotebookRepository(database.db);
    const history = createNotebookHistoryRepository(database.db);
    await notebooks.insert({ id: 's', title: 'S', cells });
    const schedule = { every: 'hour', minute: 5, hour: 0, weekday: 1, ref: 'main' } as const;
    const [then, next] = [new Date('2026-01-01T00:05:00Z'), new Date('2026-01-01T01:05:00Z')];
    expect(await history.setSchedule('s', schedule, then)).toBe(true);
    expect(await history.setSchedule('nobody', schedule, then)).toBe(false);
    expect(await history.due(new Date('2026-01-01T00:04:59Z'))).toEqual([]);
    expect(await history.due(then)).toEqual([{ id: 's', schedule, nextAt: then }]);
    const takers = await Promise.all([1, 2, 3].map(async () => history.take('s', then, next)));
    expect(takers.filter(Boolean)).toHaveLength(1);
    expect(await history.schedule('s')).toEqual({ schedule, nextAt: next });
    await notebooks.delete('s');
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
