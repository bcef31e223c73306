// @vitest-environment node
import { expect, it, vi } from 'vitest';
import { Checkpointer } from './checkpointer.ts';
import { ColumnCache, type Segment } from './column-cache.ts';

const segment = (table: string): Segment => ({
  table,
  file: table,
  rows: 1,
  fileBytes: 1,
  columns: new Map(),
});

it('measures tables alone: what is not in one yet takes nothing of theirs', async () => {
  const cache = new ColumnCache(10_000);
  cache.add(segment('old'), 30);
  cache.add(segment('loose'), 500, true);
  cache.add(segment('fresh'), 100);
  const ran: string[] = [];
  const connection = {
    run: async (sql: string) => void ran.push(sql),
    // All tables together.
    rows: async () => [{ bytes: 70 }],
  };
  const measured = vi.fn();
  const checkpointer = new Checkpointer(connection as never, cache, () => false, measured);
  checkpointer.loaded('fresh', 100);
  await vi.waitFor(() => expect(measured).toHaveBeenCalledOnce(), { timeout: 20_000 });
  expect(ran).toContain('CHECKPOINT cache');
  expect(['old', 'loose', 'fresh'].map((table) => cache.bytesOf(table))).toEqual([30, 500, 40]);
  expect([cache.bytes, cache.tableBytes]).toEqual([570, 70]);
});
