import { expect, it, vi } from 'vitest';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { Drafts, NOT_MADE, type Draft } from './drafts.ts';

const draft = (source: string): Draft => ({
  title: 'Draft',
  cells: [{ id: 'a', kind: 'markdown', source }],
  version: 3,
});
const textOf = (kept: Draft | null) => kept?.cells.map((cell) => ('source' in cell ? cell.source : ''));

function smallStorage(most: number) {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => {
      if (value.length > most) throw new DOMException('Full.', 'QuotaExceededError');
      values.set(name, value);
    },
    removeItem: (name: string) => void values.delete(name),
  };
}

it('a draft that is too much for the small storage is there for the next page, and the newest counts', async () => {
  const [records, small] = [new MemoryRecords(), smallStorage(200)];
  const drafts = new Drafts(() => small, records);
  vi.useFakeTimers({ toFake: ['Date'], now: 1000 });
  try {
    drafts.write('n', draft('short'));
    vi.setSystemTime(2000);
    drafts.write('n', draft('long '.repeat(100)));
  } finally {
    vi.useRealTimers();
  }
  await vi.waitFor(() => expect(records.values.get('draft/n')).toMatchObject({ at: 2000 }));
  const next = new Drafts(() => small, records);
  // Only what the small storage had room for is known before the large one was asked.
  expect(textOf(next.read('n'))).toEqual(['short']);
  await next.prepare('n');
  expect(next.read('n')).toEqual(draft('long '.repeat(100)));
});

it('of what is written while a write goes on, the last is kept; what was removed stays away', async () => {
  const records = new MemoryRecords();
  const put = vi.spyOn(records, 'put');
  const drafts = new Drafts(() => smallStorage(0), records);
  for (let index = 0; index < 20; index += 1) drafts.write('n', draft(`t${index}`));
  await vi.waitFor(() => expect(records.values.get('draft/n')).toMatchObject({ cells: [{ source: 't19' }] }));
  expect(put.mock.calls.length).toBeLessThan(20);
  drafts.write('n', draft('last'));
  drafts.write('n', draft('gone'));
  drafts.remove('n');
  await vi.waitFor(() => expect(records.values.size).toBe(0));
  expect(drafts.read('n')).toBeNull();
});

it('without the large storage, the small one does', async () => {
  const [records, small] = [new MemoryRecords(), smallStorage(1e6)];
  records.fails = true;
  const drafts = new Drafts(() => small, records);
  drafts.write('n', draft('kept'));
  const next = new Drafts(() => small, records);
  await next.prepare('n');
  expect(next.read('n')).toEqual(draft('kept'));
});

it('notebooks that only this browser has are listed as they are called, by any page, until they are saved', async () => {
  const records = new MemoryRecords();
  const drafts = new Drafts(() => smallStorage(1e6), records);
  const heard = vi.fn();
  drafts.subscribe(heard);
  const made = { ...draft('x'), version: NOT_MADE };
  drafts.write('known', draft('of the server'));
  drafts.write('new', made);
  drafts.write('new', { ...made, cells: [] });
  expect(heard).toHaveBeenCalledTimes(1);
  drafts.write('new', { ...made, title: 'Renamed' });
  expect(drafts.made()).toMatchObject([{ id: 'new', title: 'Renamed', version: NOT_MADE }]);
  await vi.waitFor(() => expect(records.values.get('draft/new')).toMatchObject({ title: 'Renamed' }));

  const next = new Drafts(() => smallStorage(1e6), records);
  expect(next.made()).toEqual([]);
  expect([...(await next.find())].sort()).toEqual(['known', 'new']);
  expect(next.made()).toMatchObject([{ id: 'new', title: 'Renamed' }]);
  next.write('new', { ...made, version: 1 });
  expect(next.made()).toEqual([]);
});
