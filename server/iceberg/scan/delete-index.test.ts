import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { sameFile } from '../deletes/file-identity.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { encodeValue } from '../values/single-value.ts';
import { DeleteIndex, type PlannedDelete } from './delete-index.ts';

const schema: Schema = {
  schemaId: 0,
  identifierFieldIds: [],
  fields: [
    { id: 1, name: 'id', required: false, type: 'long' },
    { id: 2, name: 'part', required: false, type: 'string' },
    { id: 3, name: 'x', required: false, type: 'double' },
  ],
};
const field = (transform: string) => ({ sourceId: 2, fieldId: 1000, name: 'part', transform });
const specs: readonly PartitionSpec[] = [
  { specId: 0, fields: [] },
  { specId: 1, fields: [field('identity')] },
  { specId: 2, fields: [field('void')] },
];

type Row = readonly [id: bigint | null, x: number | null];
interface ModelFile {
  readonly file: DataFile;
  readonly sequenceNumber: bigint;
  /** Of a data file and of equality deletes: what is in them. */
  readonly rows: readonly Row[];
  /** Of position deletes. */
  readonly paths: readonly string[];
}

const row = fc.tuple(
  fc.option(fc.bigInt({ min: 0n, max: 30n }), { freq: 8, nil: null }),
  fc.option(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -0)), {
    freq: 8,
    nil: null,
  }),
) satisfies fc.Arbitrary<Row>;
const rows = fc.array(row, { minLength: 1, maxLength: 3 });
const place = fc.constantFrom(
  { specId: 0, partition: new Map<number, string | null>() },
  { specId: 1, partition: new Map([[1000, 'a']]) },
  { specId: 1, partition: new Map([[1000, 'b']]) },
  { specId: 1, partition: new Map([[1000, null]]) },
  { specId: 2, partition: new Map([[1000, null]]) },
);
const sequenceNumber = fc.bigInt({ min: 1n, max: 5n });

/** The metrics that a writer would give, of which it may leave any out. */
function metrics(
  all: readonly Row[],
  columns: readonly (0 | 1)[],
  given: readonly boolean[],
): Partial<DataFile> {
  const counts = new Map<number, bigint>();
  const nulls = new Map<number, bigint>();
  const nans = new Map<number, bigint>();
  const lower = new Map<number, Uint8Array>();
  const upper = new Map<number, Uint8Array>();
  for (const column of columns) {
    const id = column === 0 ? 1 : 3;
    const type = column === 0 ? 'long' : 'double';
    const values = all.map((each) => each[column]);
    const there = values
      .filter((value): value is number | bigint => value !== null && !Number.isNaN(value))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    counts.set(id, BigInt(values.length));
    nulls.set(id, BigInt(values.filter((value) => value === null).length));
    if (column === 1) nans.set(id, BigInt(values.filter((value) => Number.isNaN(value)).length));
    const [first] = there;
    const last = there.at(-1);
    if (first !== undefined) lower.set(id, encodeValue(type, first));
    if (last !== undefined) upper.set(id, encodeValue(type, last));
  }
  return {
    ...(given[0] === true ? { valueCounts: counts } : {}),
    ...(given[1] === true ? { nullValueCounts: nulls } : {}),
    ...(given[2] === true ? { nanValueCounts: nans } : {}),
    ...(given[3] === true ? { lowerBounds: lower, upperBounds: upper } : {}),
  };
}

const given = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
let made = 0;
const base = (content: DataFile['content'], filePath: string): Omit<DataFile, 'specId' | 'partition'> => ({
  content,
  filePath,
  fileFormat: 'PARQUET',
  recordCount: 3n,
  fileSizeInBytes: 10n,
});
const dataPath = fc.integer({ min: 0, max: 9 }).map((n) => `s3://bucket/t/data/f${n}.parquet`);

const dataFile: fc.Arbitrary<ModelFile> = fc
  .tuple(place, sequenceNumber, rows, given, dataPath)
  .map(([where, sequence, all, some, path]) => ({
    file: { ...base('data', path), ...where, ...metrics(all, [0, 1], some) },
    sequenceNumber: sequence,
    rows: all,
    paths: [],
  }));

const equalityDelete: fc.Arbitrary<ModelFile> = fc
  .tuple(place, sequenceNumber, rows, given, fc.constantFrom<(0 | 1)[]>([0], [1], [0, 1]))
  .map(([where, sequence, all, some, columns]) => ({
    file: {
      ...base('equality-deletes', `s3://bucket/t/data/eq-${(made += 1)}.parquet`),
      ...where,
      ...metrics(all, columns, some),
      equalityIds: columns.map((column) => (column === 0 ? 1 : 3)),
    },
    sequenceNumber: sequence,
    rows: all,
    paths: [],
  }));

const positionDelete: fc.Arbitrary<ModelFile> = fc
  .tuple(
    place,
    sequenceNumber,
    fc.array(dataPath, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('none', 'bounds', 'referenced'),
    fc.constantFrom('s3:', 's3a:'),
  )
  .map(([where, sequence, targets, hint, scheme]) => {
    const paths = targets.map((path) => path.replace('s3:', scheme)).sort();
    const [first = ''] = paths;
    const bound = (path: string) => new Map([[2147483546, encodeValue('string', path)]]);
    const only = hint === 'referenced' ? [first] : paths;
    return {
      file: {
        ...base('position-deletes', `s3://bucket/t/data/pos-${(made += 1)}.parquet`),
        ...where,
        ...(hint === 'bounds' ? { lowerBounds: bound(first), upperBounds: bound(paths.at(-1) ?? '') } : {}),
        ...(hint === 'referenced' ? { referencedDataFile: first } : {}),
      },
      sequenceNumber: sequence,
      rows: [],
      paths: only,
    };
  });

const samePlace = (a: DataFile, b: DataFile) =>
  a.specId === b.specId && (a.partition.get(1000) ?? null) === (b.partition.get(1000) ?? null);
const equal = (a: unknown, b: unknown) => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** The spec's rules, without looking at metrics. */
function mayApply(data: ModelFile, deletes: ModelFile): boolean {
  if (deletes.file.content === 'position-deletes')
    return data.sequenceNumber <= deletes.sequenceNumber && samePlace(data.file, deletes.file);
  const ofTable = deletes.file.specId !== 1;
  return data.sequenceNumber < deletes.sequenceNumber && (ofTable || samePlace(data.file, deletes.file));
}

/** Whether it deletes a row, by what is in the files. */
function doesDelete(data: ModelFile, deletes: ModelFile): boolean {
  if (!mayApply(data, deletes)) return false;
  if (deletes.file.content === 'position-deletes')
    return deletes.paths.some((path) => sameFile(path, data.file.filePath));
  const columns = (deletes.file.equalityIds ?? []).map((id) => (id === 1 ? 0 : 1));
  return data.rows.some((there) =>
    deletes.rows.some((gone) => columns.every((column) => equal(there[column], gone[column]))),
  );
}

const indexOf = (deletes: readonly PlannedDelete[]) => new DeleteIndex(deletes, specs, [schema]);

describe('DeleteIndex', () => {
  it('finds every delete that deletes a row, and none that the spec keeps from the file', () => {
    let pruned = 0;
    fc.assert(
      fc.property(
        fc.array(dataFile, { minLength: 1, maxLength: 8 }),
        // Enough of them that groups are searched and not walked.
        fc.array(fc.oneof(equalityDelete, positionDelete), { maxLength: 70, size: 'max' }),
        (files, deletes) => {
          const index = indexOf(deletes);
          const byPath = new Map(deletes.map((each) => [each.file.filePath, each]));
          for (const data of files) {
            const planned = index.deletesOf(data.file, data.sequenceNumber).map(({ file }) => file.filePath);
            expect(new Set(planned).size).toBe(planned.length);
            const missing = deletes.filter(
              (each) => doesDelete(data, each) && !planned.includes(each.file.filePath),
            );
            expect(missing).toEqual([]);
            const wrong = planned.filter((path) => {
              const found = byPath.get(path);
              return found === undefined || !mayApply(data, found);
            });
            expect(wrong).toEqual([]);
            pruned += deletes.filter((each) => mayApply(data, each)).length - planned.length;
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(pruned).toBeGreaterThan(0);
  });

  const data: DataFile = { ...base('data', 's3://b/t/a.parquet'), specId: 0, partition: new Map() };
  const vector = (over: Partial<DataFile> = {}): DataFile => ({
    ...data,
    content: 'position-deletes',
    fileFormat: 'PUFFIN',
    filePath: 's3://b/t/dv.puffin',
    referencedDataFile: 's3a://b/t/a.parquet',
    contentOffset: 4n,
    contentSizeInBytes: 40n,
    ...over,
  });

  it('leaves position deletes out beside a deletion vector, but not equality deletes', () => {
    const positions: DataFile = { ...data, content: 'position-deletes', filePath: 's3://b/t/pos.parquet' };
    const equality: DataFile = {
      ...data,
      content: 'equality-deletes',
      filePath: 's3://b/t/eq.parquet',
      equalityIds: [1],
    };
    const index = indexOf([vector(), positions, equality].map((file) => ({ file, sequenceNumber: 3n })));
    const of = (file: DataFile) => index.deletesOf(file, 2n).map((planned) => planned.file.filePath);
    expect(of(data)).toEqual(['s3://b/t/eq.parquet', 's3://b/t/dv.puffin']);
    expect(of({ ...data, filePath: 's3://other/t/a.parquet' })).toEqual([
      's3://b/t/eq.parquet',
      's3://b/t/pos.parquet',
    ]);
  });

  it.each([
    [
      'two vectors of one file',
      [vector(), vector({ filePath: 's3://b/t/2.puffin' })],
      /second deletion vector/,
    ],
    ['a vector older than its file', [vector()], /sequence number 3 is below the file's 4/, 4n],
    [
      'a vector of more rows than the file has',
      [vector({ recordCount: 4n })],
      /deletes 4 rows .* which has 3/,
    ],
    [
      'a vector of no file',
      [{ ...vector(), referencedDataFile: undefined }],
      /without 'referenced_data_file'/,
    ],
    [
      'deletes by no column',
      [{ ...vector(), fileFormat: 'PARQUET', content: 'equality-deletes' }],
      /names no column/,
    ],
    ['deletes of a spec that is not there', [vector({ specId: 9 })], /spec 9/],
    ['deletes in ORC', [vector({ fileFormat: 'ORC' })], /is ORC/],
  ])('refuses %s, naming the file', (_, files, message, sequence = 2n) => {
    const plan = () =>
      indexOf(files.map((file) => ({ file: file as DataFile, sequenceNumber: 3n }))).deletesOf(
        data,
        sequence,
      );
    expect(plan).toThrow(message);
    expect(plan).toThrow(/s3:\/\/b\/t\/(dv|2)\.puffin/);
  });

  it('gives the same array to all files that have the same deletes', () => {
    const deletes = Array.from({ length: 100 }, (__, i) => ({
      file: { ...data, content: 'position-deletes' as const, filePath: `s3://b/t/${i}.parquet` },
      sequenceNumber: BigInt(i),
    }));
    const index = indexOf(deletes);
    const first = index.deletesOf(data, 50n);
    expect(first).toHaveLength(50);
    expect(index.deletesOf({ ...data, filePath: 's3://b/t/b.parquet' }, 50n)).toBe(first);
  });

  const MANY = 500;
  /** Deletes by two columns, of which the first is the same everywhere, and as many data files. */
  function crowd() {
    let decoded = 0;
    const file = (content: DataFile['content'], at: number): DataFile => {
      const bound = (first: number, second: number) =>
        new Map([
          [1, encodeValue('long', BigInt(first))],
          [3, encodeValue('double', second)],
        ]);
      const lowerBounds = bound(0, at * 10);
      const plain = new Map(lowerBounds);
      if (content === 'data')
        lowerBounds.get = (id) => {
          decoded += 1;
          return plain.get(id);
        };
      return {
        ...base(content, `s3://b/t/${content}-${at}.parquet`),
        specId: 0,
        partition: new Map(),
        nullValueCounts: new Map([1, 3].map((id) => [id, 0n])),
        nanValueCounts: new Map([[3, 0n]]),
        lowerBounds,
        upperBounds: bound(9, at * 10 + 9),
        ...(content === 'data' ? {} : { equalityIds: [1, 3] }),
      };
    };
    const deletes = Array.from({ length: MANY }, (_, at) => ({
      file: file('equality-deletes', at),
      sequenceNumber: BigInt(at + 2),
    }));
    const index = indexOf(deletes);
    const planned = Array.from({ length: MANY }, (_, at) => index.deletesOf(file('data', at), 1n));
    return { deletes, planned, decoded };
  }

  it('tells deletes apart by whichever of their columns does so best', () => {
    const { deletes, planned, decoded } = crowd();
    for (const [at, found] of planned.entries()) expect(found).toEqual([deletes[at]]);
    expect(decoded).toBeLessThanOrEqual(2 * MANY);
  });

  it('sees at once where all of many deletes apply', () => {
    const ids: Schema = { ...schema, fields: schema.fields.slice(0, 1) };
    const bounds = (from: bigint, to: bigint) => ({
      nullValueCounts: new Map([[1, 0n]]),
      lowerBounds: new Map([[1, encodeValue('long', from)]]),
      upperBounds: new Map([[1, encodeValue('long', to)]]),
    });
    const deletes = Array.from({ length: 100 }, (_, at) => ({
      file: {
        ...data,
        ...bounds(BigInt(at), 1000n + BigInt(at)),
        content: 'equality-deletes' as const,
        filePath: `s3://b/t/${at}.parquet`,
        equalityIds: [1],
      },
      sequenceNumber: BigInt(at),
    }));
    const index = new DeleteIndex(deletes, specs, [ids]);
    const of = (from: bigint, to: bigint, sequence: bigint) =>
      index.deletesOf({ ...data, ...bounds(from, to) }, sequence);
    expect(of(99n, 1000n, 9n)).toEqual(deletes.slice(10));
    expect(of(0n, 2000n, 9n)).toBe(of(99n, 99n, 9n));
    expect(of(0n, 98n, 9n)).toEqual(deletes.slice(10, 99));
    expect(of(1050n, 2000n, 9n)).toEqual(deletes.slice(50));
  });
});
