import { expect, it } from 'vitest';
import { functionList } from '#shared/contract/functions.ts';
import { DuckDBInstance } from '@duckdb/node-api';
import { OWN_TEXTS } from './add-texts.ts';
import { listFunctions } from './list-functions.ts';

it('lists what the engine can call, each name once, with its signatures', async () => {
  const { version, functions } = functionList.parse(await listFunctions());
  expect(version).toMatch(/^v1\./);
  const names = functions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of ['date_trunc', 'sum', 'list_transform', 'row_number', 'unnest', 'coalesce', 'strftime'])
    expect(names).toContain(name);
  expect(names.filter((name) => /^(read_|pragma|duckdb_)/.test(name))).toEqual([]);
  const truncate = functions.find(({ name }) => name === 'date_trunc');
  expect(truncate?.signatures).toContainEqual({
    parameters: [
      { name: 'part', type: 'VARCHAR' },
      { name: 'timestamp', type: 'TIMESTAMP' },
    ],
    returns: 'TIMESTAMP',
  });
});

it('says of each function what it gives, what its arguments are called, and what it does', async () => {
  const { functions } = await listFunctions();
  const lacking = (what: (each: (typeof functions)[number]) => boolean) =>
    functions.filter(what).map(({ name }) => name);
  expect(lacking(({ description }) => description === undefined)).toEqual([]);
  expect(lacking(({ signatures }) => signatures.every(({ returns }) => returns === null))).toEqual([]);
  expect(
    lacking(({ signatures }) =>
      signatures.every(({ parameters }) => parameters.some(({ name }) => /^col\d/.test(name))),
    ),
  ).toEqual([]);
  // A line of ours about a function that there is none of helps nobody.
  const names = new Set(functions.map(({ name }) => name));
  expect([...OWN_TEXTS.keys()].filter((name) => !names.has(name))).toEqual([]);
});

/** A constant of each type that our lines name; T, K and V are INTEGER. */
const SAMPLES: Readonly<Record<string, string>> = {
  T: '1',
  'T[]': '[1, 2]',
  K: '1',
  V: '1',
  'MAP(K, V)': 'MAP {1: 1}',
  INTEGER: '1',
  'INTEGER[]': '[1, 2]',
  'BOOLEAN[]': '[true]',
  BIGINT: '1::BIGINT',
  DOUBLE: '1.5::DOUBLE',
  'DOUBLE[]': '[1.5::DOUBLE, 2]',
  VARCHAR: "'a'",
  'VARCHAR[]': "['a']",
  DATE: "DATE '2001-02-03'",
  TIMESTAMP: "TIMESTAMP '2001-02-03'",
  INTERVAL: 'INTERVAL 1 DAY',
  JSON: "'{}'::JSON",
  VARIANT: "'a'::VARIANT",
  // By the argument's name, where not any value of its type will do.
  part: "'year'",
  path: "'$.a'",
  query: "'SELECT 1'",
  collation: "'de'",
};
const WINDOW_ONLY = new Set(['fill', 'rank_dense']);
/** They read what is not here: a database's file, a state of an aggregate, a structure, a syntax tree. */
const NOT_CALLED =
  /^(get_block_size|combine|finalize|setseed|variant_bytes|json_deserialize|make_timestamptz)|_?(from_json|json_transform)/;

it('gives what our own lines say', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const { functions } = await listFunctions();
  const called: string[] = [];
  const wrong: string[] = [];
  for (const { name, kind } of functions) {
    const signature = OWN_TEXTS.get(name)?.signature;
    if (signature === null || signature === undefined || NOT_CALLED.test(name)) continue;
    const given = signature.parameters.map(
      (each) => SAMPLES[each.name] ?? SAMPLES[each.type ?? ''] ?? `no sample of ${each.type}`,
    );
    const over = kind === 'window' || WINDOW_ONLY.has(name) ? ' OVER (ORDER BY 1)' : '';
    const sql = `SELECT typeof(value) FROM (SELECT ${name}(${given.join(', ')})${over} AS value)`;
    const wanted = signature.returns?.replaceAll(/\b[TKV]\b/g, 'INTEGER');
    const type = await connection.runAndReadAll(sql).then(
      (read) => read.getRowsJS()[0]?.[0] as string,
      (error: unknown) => String(error),
    );
    called.push(name);
    if (wanted !== 'ANY' && type !== wanted) wrong.push(`${name}: ${type} in place of ${wanted}`);
  }
  expect(wrong).toEqual([]);
  expect(called.length).toBeGreaterThan(90);
  connection.closeSync();
});
