import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { encodeValue } from '../values/single-value.ts';
import { compactionOptions } from './compaction-options.ts';
import { layersOf } from './file-layers.ts';
import { planRewrite } from './plan-rewrite.ts';

const SCHEMA = schemaFromColumns([
  { name: 'x', sqlType: 'INTEGER' },
  { name: 'y', sqlType: 'INTEGER' },
]);
const metadata = createTableMetadata({ location: 'memory://t', schema: SCHEMA });
let files = 0;

type Range = readonly [number, number];

/** A file that reaches from one corner to another. */
function box(x: Range, y: Range, bytes = 1000, nulls = 0n): DataFile {
  const bounds = (side: 0 | 1) =>
    new Map([
      [1, encodeValue('int', x[side])],
      [2, encodeValue('int', y[side])],
    ]);
  return {
    content: 'data',
    filePath: `memory://t/${files++}.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition: new Map(),
    recordCount: 100n,
    fileSizeInBytes: BigInt(bytes),
    nullValueCounts: new Map([
      [1, nulls],
      [2, 0n],
    ]),
    lowerBounds: bounds(0),
    upperBounds: bounds(1),
  };
}

/** Four files that share nothing and cover everything. */
const quarters = (bytes?: number) =>
  (
    [
      [0, 49],
      [50, 99],
    ] as const
  ).flatMap((x) =>
    (
      [
        [0, 49],
        [50, 99],
      ] as const
    ).map((y) => box(x, y, bytes)),
  );
const anywhere = () => box([0, 99], [0, 99]);

describe('layers', () => {
  it('are as many as files that a search may have to read', () => {
    expect(layersOf(quarters(), SCHEMA, [1, 2])).toHaveLength(1);
    expect(layersOf([...quarters(), anywhere(), anywhere()], SCHEMA, [1, 2])).toHaveLength(3);
    expect(layersOf(quarters(), SCHEMA, [1])).toHaveLength(2);
  });

  it('nulls reach to the end; files of one combination of values are no matter', () => {
    const [low, high] = [box([0, 49], [0, 9], 1, 1n), box([50, 99], [0, 9])];
    expect(layersOf([low, high], SCHEMA, [1])).toHaveLength(2);
    const same = Array.from({ length: 5 }, () => box([7, 7], [7, 7]));
    expect(layersOf([...quarters(), ...same], SCHEMA, [1, 2])).toHaveLength(1);
  });

  it('never have two files with a point in common', () => {
    const range = fc.tuple(fc.nat(9), fc.nat(9)).map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)]);
    const spot = ([a, b]: Range, [c, d]: Range) => a <= d && c <= b;
    fc.assert(
      fc.property(fc.array(fc.tuple(range, range), { maxLength: 12 }), (ranges) => {
        const boxes = new Map(ranges.map((one) => [box(...one).filePath, one] as const));
        const described = [...boxes].map(([filePath, one]) => ({ ...box(...one), filePath }));
        const layers = layersOf(described, SCHEMA, [1, 2]);
        expect(layers.flat()).toHaveLength(described.length);
        for (const layer of layers) {
          const wide = layer
            .map(({ filePath }) => boxes.get(filePath) as [Range, Range])
            .filter(([x, y]) => x[0] !== x[1] || y[0] !== y[1]);
          for (const [index, a] of wide.entries())
            for (const b of wide.slice(index + 1)) expect(spot(a[0], b[0]) && spot(a[1], b[1])).toBe(false);
        }
      }),
    );
  });
});

describe('a run that keeps a table clustered', () => {
  const options = compactionOptions(metadata, { targetFileBytes: 1000 });
  const chosen = (all: readonly DataFile[]) =>
    planRewrite(
      metadata,
      all.map((file) => ({ file, sequenceNumber: 1n, deletes: [] })),
      { kind: 'cluster', fieldIds: [1, 2] },
      options,
    ).flatMap((group) => group.files.map(({ file }) => file));

  it('leaves alone what is clustered, and takes what came after', () => {
    const clustered = quarters();
    const fresh = [anywhere(), anywhere()];
    expect(chosen(clustered)).toEqual([]);
    expect(new Set(chosen([...clustered, ...fresh]))).toEqual(new Set(fresh));
  });

  it('joins layers when there are too many, the largest last', () => {
    const small = Array.from({ length: 4 }, () => quarters(1000));
    const large = quarters(100_000);
    expect(chosen(small.flat())).toEqual([]);
    const all = [...small.flat(), ...large];
    expect(new Set(chosen(all))).toEqual(new Set(small.flat()));
    expect(chosen([...small.flat(), ...quarters(1000)])).toHaveLength(20);
  });

  it('joins them with what came, where that makes one too many, so that the next run finds nothing', () => {
    const large = quarters(100_000);
    const layers = [...Array.from({ length: 3 }, () => quarters(1000)).flat(), ...large];
    expect(chosen(layers)).toEqual([]);
    const fresh = [anywhere(), anywhere()];
    const joined = new Set(chosen([...layers, ...fresh]));
    expect(joined).toEqual(new Set([...layers, ...fresh].filter((file) => !large.includes(file))));
    // Too little to be written anew yet.
    expect(chosen([...layers, box([0, 99], [0, 99], 10)])).toEqual([]);
  });
});

it('sizes that contradict each other are refused', () => {
  expect(() => compactionOptions(metadata, { targetFileBytes: 10, minFileBytes: 20 })).toThrow(/contradict/);
});
