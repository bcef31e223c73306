// @vitest-environment node
import { expect, it, vi } from 'vitest';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import { LooseRows } from './loose-rows.ts';

const batch: FlatBatch = { rows: 1, bytes: new Uint8Array(8), columns: [] };

it('puts loose rows into their tables though those of another don’t go into theirs, which are tried again', async () => {
  let blocks = 0;
  let fails = true;
  const engine = { keep: async () => [++blocks], free: async () => undefined };
  const connection = {
    run: async () => undefined,
    insert: async () => undefined,
    insertBatches: async () => undefined,
    insertKept: async (table: string) => {
      if (fails && table.endsWith('.bad')) throw new Error('It does not fit.');
    },
  };
  const settled: string[] = [];
  const views = { expose: async () => undefined, hide: async () => undefined };
  const rows = new LooseRows(
    engine,
    views,
    1000,
    () => false,
    (table) => settled.push(table),
  );
  for (const table of ['bad', 'good']) {
    const target = rows.open(1, table, new Map(), '/f', connection);
    await target.add([batch]);
    await target.finish();
    expect(rows.loaded(table)).toBe(true);
  }
  rows.later();
  await vi.waitFor(() => expect(settled).toEqual(['good']), { timeout: 20_000 });
  fails = false;
  rows.later();
  await vi.waitFor(() => expect(settled).toEqual(['good', 'bad']), { timeout: 20_000 });
  expect(rows.loaded('bad')).toBe(false);
});
