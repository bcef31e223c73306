import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import { joinBatches, writePieces } from './joined-batch.ts';

interface Row {
  readonly flag: boolean | null;
  readonly number: number | null;
  readonly word: string | null;
}

const rows = fc.array(
  fc.record({
    flag: fc.option(fc.boolean()),
    number: fc.option(fc.integer()),
    word: fc.option(fc.string({ maxLength: 5 })),
  }),
  { maxLength: 40 },
);

/** As a decoder lays rows out: a bitmap only where something is absent. */
function batchOf(values: readonly Row[]): FlatBatch {
  const parts: Uint8Array[] = [];
  let size = 0;
  const put = (bytes: Uint8Array) => {
    const at = size;
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    parts.push(padded);
    size += padded.length;
    return at;
  };
  const bits = (of: readonly boolean[]) => {
    const bytes = new Uint8Array(Math.ceil(of.length / 8));
    // What is beyond the rows may be anything.
    bytes.fill(255, bytes.length - 1);
    for (const [at, bit] of of.entries())
      bytes[at >> 3] = ((bytes[at >> 3] ?? 0) & ~(1 << (at & 7))) | (Number(bit) << (at & 7));
    return put(bytes);
  };
  const validity = (of: readonly unknown[]) =>
    of.some((each) => each === null) ? bits(of.map((each) => each !== null)) : null;
  const [flags, numbers, words] = [
    values.map(({ flag }) => flag),
    values.map(({ number }) => number),
    values.map(({ word }) => word),
  ];
  const texts = words.map((word) => new TextEncoder().encode(word ?? ''));
  const ends = texts.reduce<number[]>((all, { length }) => [...all, (all.at(-1) ?? 0) + length], [0]);
  const columns = [
    { format: 'b', offset: 0, buffers: [validity(flags), bits(flags.map((flag) => flag === true))] },
    {
      format: 'i',
      offset: 0,
      buffers: [validity(numbers), put(new Uint8Array(Int32Array.from(numbers, (each) => each ?? 7).buffer))],
    },
    {
      format: 'u',
      offset: 0,
      buffers: [
        validity(words),
        put(new Uint8Array(Int32Array.from(ends).buffer)),
        put(Uint8Array.from(texts.flatMap((text) => [...text]))),
      ],
    },
  ];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { rows: values.length, bytes, columns };
}

/** What a reader sees of what was written over bytes that were something else before. */
function read(batches: readonly FlatBatch[]): readonly Row[] | null {
  const joined = joinBatches(batches);
  if (joined === null) return null;
  const bytes = new Uint8Array(joined.size).fill(0b1010_0101);
  writePieces(joined, bytes);
  const view = new DataView(bytes.buffer);
  const bit = (at: number, row: number) => (((bytes[at + (row >> 3)] ?? 0) >> (row & 7)) & 1) === 1;
  const [flags, numbers, words] = joined.columns.map(({ buffers }) => buffers);
  const there = (of: readonly (number | null)[] = [], row: number) =>
    (of[0] ?? null) === null || bit(of[0] ?? 0, row);
  return Array.from({ length: joined.rows }, (_, row) => {
    const [from, to] = [0, 4].map((add) => view.getInt32((words?.[1] ?? 0) + 4 * row + add, true));
    const text = bytes.subarray((words?.[2] ?? 0) + (from ?? 0), (words?.[2] ?? 0) + (to ?? 0));
    return {
      flag: there(flags, row) ? bit(flags?.[1] ?? 0, row) : null,
      number: there(numbers, row) ? view.getInt32((numbers?.[1] ?? 0) + 4 * row, true) : null,
      word: there(words, row) ? new TextDecoder().decode(text) : null,
    };
  });
}

describe('joinBatches', () => {
  it('gives the rows of all, one after the other', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (batches) => {
        expect(read(batches.map(batchOf))).toEqual(batches.flat());
      }),
    );
  });

  it('leaves alone what is of other types, and what begins within its buffers', () => {
    const row = { flag: true, number: 1, word: 'a' };
    const batch = batchOf([row, row]);
    const [first] = batch.columns;
    if (!first) throw new Error('There is no column.');
    const other = (column: typeof first) => ({ ...batch, columns: [column, ...batch.columns.slice(1)] });
    expect(joinBatches([batch, other({ ...first, format: 'c' })])).toBeNull();
    expect(joinBatches([batch, other({ ...first, offset: 1 })])).toBeNull();
    expect(joinBatches([batch, { ...batch, columns: batch.columns.slice(1) }])).toBeNull();
  });
});
