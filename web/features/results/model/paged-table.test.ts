import { describe, expect, it, vi } from 'vitest';
import { PagedTable, type Page } from './paged-table.ts';

const MIB = 1024 ** 2;
const COLUMNS = [{ name: 'n', type: 'BIGINT' }];
const ROWS = 1_000_000;

/** Pages of 10,000 rows, each value its row; they come when the test lets them. */
function open(byteLength = MIB) {
  const asked: { offset: number; give: () => void; fail: (error: Error) => void }[] = [];
  const table = new PagedTable({
    columns: COLUMNS,
    rowCount: ROWS,
    read: ({ offset, limit }) =>
      new Promise<Page>((resolve, fail) => {
        const page = { columns: COLUMNS, rowCount: limit, byteLength, value: (row: number) => offset + row };
        asked.push({ offset, give: () => resolve(page), fail });
      }),
  });
  const offsets = () => asked.map(({ offset }) => offset);
  let done = 0;
  /** Lets come what is under way, and what is asked for then, until nothing is. */
  const settle = async () => {
    for (; done < asked.length; done += 1) {
      asked[done]?.give();
      await vi.waitFor(() => expect(table.onDemand.isHere(asked[done]?.offset ?? 0)).toBe(true));
      await Promise.resolve();
    }
  };
  return { table, asked, offsets, settle };
}

describe('PagedTable', () => {
  it('fetches what is looked at, and what is beside it', async () => {
    const { table, offsets, settle } = open();
    const heard = vi.fn<() => void>();
    table.onDemand.subscribe(heard);
    expect([table.onDemand.isHere(500_000), table.value(500_000, 0)]).toEqual([false, null]);
    table.onDemand.want(500_000, 500_030);
    expect(offsets()).toEqual([500_000, 510_000]);
    await settle();
    expect(offsets()).toEqual([500_000, 510_000, 490_000]);
    expect(table.value(500_007, 0)).toBe(500_007);
    expect(heard).toHaveBeenCalledTimes(3);
    table.onDemand.want(505_000, 505_030);
    expect(offsets()).toHaveLength(3);
  });

  it('does not fetch what was only passed by', async () => {
    const { table, offsets, settle } = open();
    for (let row = 0; row <= 900_000; row += 20_000) table.onDemand.want(row, row + 30);
    await settle();
    expect(offsets().slice(0, 2)).toEqual([0, 10_000]);
    expect(new Set(offsets().slice(2))).toEqual(new Set([890_000, 900_000, 910_000]));
  });

  it('holds so much, and of that what was looked at last', async () => {
    const { table, settle } = open(40 * MIB);
    for (const row of [0, 300_000, 600_000]) {
      table.onDemand.want(row, row + 30);
      await settle();
    }
    expect([0, 300_000, 600_000].map((row) => table.onDemand.isHere(row))).toEqual([false, false, true]);
  });

  it('says what kept rows from coming, and asks again only when it is told to', async () => {
    const { table, asked, offsets } = open();
    table.onDemand.want(0, 30);
    asked[0]?.fail(new Error('gone'));
    await vi.waitFor(() => expect(table.failure()).toEqual(new Error('gone')));
    table.onDemand.want(0, 40);
    expect(offsets()).toEqual([0, 10_000]);
    table.retry();
    expect(table.failure()).toBeNull();
    expect(offsets()).toEqual([0, 10_000, 0]);
  });
});
