import { beforeEach, describe, expect, it } from 'vitest';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { encodeValue } from '#server/iceberg/values/single-value.ts';
import { readMetadata, RestCatalog, type RestBody } from '#server/testing/rest-catalog.ts';

const TABLE = '/main/namespaces/bronze/tables/t';
let rest: RestCatalog;
let table: RestBody;

beforeEach(async () => {
  rest = await RestCatalog.open();
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
  table = await rest.createTable('/main/namespaces/bronze', 't', {
    'partition-spec': { fields: [{ 'source-id': 2, transform: 'identity', name: 'day' }] },
  });
});

function file(name: string, from: bigint, to: bigint, nulls = 0n): DataFile {
  return {
    content: 'data',
    filePath: `${rest.ctx.io.root}/f/${name}.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition: new Map([[1000, 19_000]]),
    recordCount: to - from + 1n,
    fileSizeInBytes: 1000n,
    valueCounts: new Map([[1, to - from + 1n]]),
    nullValueCounts: new Map([[1, nulls]]),
    // A file of nothing but nulls has no bounds.
    ...(nulls > 0n
      ? {}
      : {
          lowerBounds: new Map([[1, encodeValue('long', from)]]),
          upperBounds: new Map([[1, encodeValue('long', to)]]),
        }),
  };
}

async function append(...files: DataFile[]): Promise<bigint> {
  const { body } = await rest.ask('POST', TABLE, await rest.append(table, files));
  table = body;
  return readMetadata(body).currentSnapshotId ?? 0n;
}

interface Task {
  readonly 'data-file': { readonly 'file-path': string; readonly partition: readonly unknown[] };
  readonly 'residual-filter'?: unknown;
}
const tasksOf = (body: RestBody) => (body['file-scan-tasks'] ?? []) as readonly Task[];
const namesOf = (body: RestBody) =>
  tasksOf(body)
    .map((task) => /([^/]+)\.parquet$/.exec(task['data-file']['file-path'])?.[1] ?? '')
    .sort();
const plan = (request: object) => rest.ask('POST', `${TABLE}/plan`, request);

describe('a filter', () => {
  beforeEach(async () => {
    // `nulls` has nothing but nulls in it.
    await append(file('low', 1n, 10n), file('high', 100n, 110n), file('nulls', 5n, 5n, 1n));
  });

  it.each([
    ['nothing', undefined, ['high', 'low', 'nulls']],
    ['false', false, []],
    ['the old form of true', { type: 'true' }, ['high', 'low', 'nulls']],
    ['equal', { type: 'eq', term: 'id', value: 5 }, ['low']],
    [
      'equal in the form of today',
      { type: 'eq', left: { type: 'reference', name: 'id' }, right: 105 },
      ['high'],
    ],
    [
      'a literal that says its type',
      {
        type: 'gt',
        left: { type: 'reference', id: 1 },
        right: { type: 'literal', value: 50, 'data-type': 'long' },
      },
      ['high'],
    ],
    ['not equal: also nulls', { type: 'not-eq', term: 'id', value: 500 }, ['high', 'low', 'nulls']],
    [
      'not of equal: also nulls',
      { type: 'not', child: { type: 'eq', term: 'id', value: 500 } },
      ['high', 'low', 'nulls'],
    ],
    ['not of not equal', { type: 'not', child: { type: 'not-eq', term: 'id', value: 5 } }, ['low']],
    ['not of less', { type: 'not', child: { type: 'lt', term: 'id', value: 50 } }, ['high']],
    ['is null', { type: 'is-null', term: 'id' }, ['nulls']],
    ['in', { type: 'in', term: 'id', values: [3, 700] }, ['low']],
    [
      'in the form of today',
      {
        type: 'in',
        child: { type: 'reference', name: 'id' },
        values: { type: 'literals', values: [101], 'data-type': 'long' },
      },
      ['high'],
    ],
    [
      'and',
      {
        type: 'and',
        left: { type: 'gt', term: 'id', value: 5 },
        right: { type: 'lt', term: 'id', value: 60 },
      },
      ['low'],
    ],
    [
      'not of or',
      {
        type: 'not',
        child: {
          type: 'or',
          left: { type: 'lt', term: 'id', value: 50 },
          right: { type: 'is-null', term: 'id' },
        },
      },
      ['high'],
    ],
    ['a partition', { type: 'eq', term: 'day', value: '2000-01-01' }, []],
    [
      'a transform, which may be of any file',
      { type: 'eq', term: { type: 'transform', transform: 'bucket[4]', term: 'id' }, value: 2 },
      ['high', 'low', 'nulls'],
    ],
    [
      'its negation too',
      {
        type: 'not',
        child: { type: 'eq', term: { type: 'transform', transform: 'bucket[4]', term: 'id' }, value: 2 },
      },
      ['high', 'low', 'nulls'],
    ],
  ])('of %s', async (_, filter, names) => {
    const { body } = await plan(filter === undefined ? {} : { filter });
    expect(namesOf(body)).toEqual(names);
    for (const task of tasksOf(body)) expect(task['residual-filter']).toEqual(filter);
  });

  it.each([
    ['a column that is not there', { type: 'eq', term: 'nope', value: 5 }],
    ['a column in another case', { type: 'eq', term: 'ID', value: 5 }],
    ['no known comparison', { type: 'like', term: 'id', value: 5 }],
    ['no value', { type: 'eq', term: 'id' }],
    ['text', 'id = 5'],
  ])('of %s is refused', async (_, filter) => {
    expect((await plan({ filter })).body.error).toMatchObject({ type: 'BadRequestException', code: 400 });
  });

  it('may ask for names in any case', async () => {
    const { body } = await plan({ filter: { type: 'eq', term: 'ID', value: 5 }, 'case-sensitive': false });
    expect(namesOf(body)).toEqual(['low']);
  });
});

it('files say their partition; a snapshot that is gone is 404', async () => {
  const first = await append(file('a', 1n, 2n));
  await append(file('b', 3n, 4n));
  expect(tasksOf((await plan({})).body)[0]?.['data-file'].partition).toEqual(['2022-01-08']);
  expect(namesOf((await plan({ 'snapshot-id': first })).body)).toEqual(['a']);
  expect((await plan({ 'snapshot-id': 7 })).body.error?.code).toBe(404);
});

it('an incremental scan is of what was added after its start', async () => {
  const ids = [];
  for (const name of ['a', 'b', 'c']) ids.push(await append(file(name, 1n, 2n)));
  const [first, second, third] = ids;
  const scan = async (start: unknown, end: unknown, more = {}) =>
    (await plan({ 'start-snapshot-id': start, 'end-snapshot-id': end, ...more })).body;
  expect(namesOf(await scan(first, third))).toEqual(['b', 'c']);
  expect(namesOf(await scan(first, second))).toEqual(['b']);
  expect(namesOf(await scan(second, second))).toEqual([]);
  expect((await scan(third, first)).error?.code).toBe(400);
  expect((await scan(first, third, { 'snapshot-id': second })).error?.code).toBe(400);
});

it('many files come in pages that can be fetched in any order, and the plan can be let go', async () => {
  await append(...Array.from({ length: 2300 }, (_, index) => file(`f${index}`, 1n, 2n)));
  const { body } = await plan({});
  const later = body['plan-tasks'] as readonly string[];
  expect([tasksOf(body).length, later.length]).toEqual([1000, 2]);
  const found = new Set(namesOf(body));
  for (const task of later.toReversed()) {
    const page = await rest.ask('POST', `${TABLE}/tasks`, { 'plan-task': task });
    for (const name of namesOf(page.body)) found.add(name);
  }
  expect(found.size).toBe(2300);
  const id = String(body['plan-id']);
  expect((await rest.ask('GET', `${TABLE}/plan/${id}`)).body).toEqual(body);
  expect((await rest.ask('DELETE', `${TABLE}/plan/${id}`)).status).toBe(204);
  expect((await rest.ask('GET', `${TABLE}/plan/${id}`)).body.error?.type).toBe('NoSuchPlanIdException');
  for (const task of [later[0], 'x', `${id}.9`]) {
    const gone = await rest.ask('POST', `${TABLE}/tasks`, { 'plan-task': task });
    expect(gone.body.error).toMatchObject({ type: 'NoSuchPlanTaskException', code: 404 });
  }
});

it('metrics are taken for tables that there are', async () => {
  const report = {
    'report-type': 'commit-report',
    'table-name': 'bronze.t',
    'snapshot-id': 5,
    'sequence-number': 1,
    operation: 'append',
    metrics: {},
  };
  expect((await rest.ask('POST', `${TABLE}/metrics`, report)).status).toBe(204);
  expect((await rest.ask('POST', `${TABLE}x/metrics`, report)).body.error?.code).toBe(404);
  expect((await rest.ask('POST', `${TABLE}/metrics`, { metrics: {} })).body.error?.code).toBe(400);
});
