// @vitest-environment node
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import { tabError } from '../tab-error.ts';

/** Numbers and words, of which the second is absent. */
function batch(numbers: readonly number[], words: readonly string[], skipped = 0): FlatBatch {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder().encode(words.join(''));
  view.setUint8(0, 0b1111_1101);
  for (const [at, value] of numbers.entries()) view.setInt32(8 + 4 * at, value, true);
  let end = 0;
  for (const [at, word] of words.entries()) view.setInt32(132 + 4 * at, (end += word.length), true);
  bytes.set(text, 256);
  return {
    rows: numbers.length - skipped,
    bytes,
    columns: [
      { format: 'i', offset: skipped, buffers: [null, 8] },
      { format: 'u', offset: skipped, buffers: [0, 128, 256] },
    ],
  };
}

describe('ArrowRows', () => {
  let engine: NodeEngine;
  beforeAll(async () => {
    engine = await openNodeEngine();
  });
  beforeEach(() => engine.run('CREATE OR REPLACE TABLE cache.main.t (n BIGINT, word VARCHAR)'));

  const rows = () => engine.rows('SELECT n::INTEGER AS n, word FROM cache.main.t');
  const views = () => engine.rows('SELECT view_name FROM duckdb_views() WHERE NOT internal');

  it('puts batches one after the other, with their nulls, from the row on that counts', () => {
    engine.insertBatches('cache.main.t', [
      batch([1, 2, 3], ['a', 'b', 'cde']),
      batch([4, 5, 6], ['f', 'g', 'h'], 1),
    ]);
    expect(rows()).toEqual([
      { n: 1, word: 'a' },
      { n: 2, word: null },
      { n: 3, word: 'cde' },
      { n: 5, word: null },
      { n: 6, word: 'h' },
    ]);
    expect(views()).toEqual([]);
  });

  it('puts in nothing of what does not fit, says why, and takes in what comes next', () => {
    engine.run('CREATE OR REPLACE TABLE cache.main.t (n TINYINT, word VARCHAR)');
    const failed = () => engine.insertBatches('cache.main.t', [batch([1], ['a']), batch([300], ['b'])]);
    expect(failed).toThrow(/300.*INT8/);
    let code = '';
    try {
      failed();
    } catch (error) {
      code = tabError(error).code;
    }
    expect(code).toBe('SQL_RUNTIME');
    expect([rows(), views()]).toEqual([[], []]);
    engine.insertBatches('cache.main.t', [batch([7], ['a'])]);
    expect(rows()).toEqual([{ n: 7, word: 'a' }]);
  });
});
