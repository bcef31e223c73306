import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { openNodeTab, type NodeTab } from '#web/duckdb/testing/node-tab.ts';
import { plainAnswer, tableTransfer } from './answer.ts';
import { answerLines } from './compare.ts';
import { openLakehouse, type Lakehouse } from './lakehouse.ts';
import { MIXED } from './seeds-mixed.ts';
import { REAL } from './seeds-real.ts';
import { TPCH } from './seeds-tpch.ts';
import { readFamilies } from './statements.ts';

const FAMILIES = readFamilies(fileURLToPath(new URL('queries', import.meta.url)));

let lakehouse: Lakehouse;
let tab: NodeTab;

beforeAll(async () => {
  [lakehouse, tab] = await Promise.all([
    openLakehouse([...TPCH, ...REAL, ...MIXED]),
    openNodeTab({ loose: 256 * 1024 ** 2 }),
  ]);
});
afterAll(() => lakehouse.close());

/** Names inside types are quoted by some and not by others. */
const typesOf = (columns: readonly ResultColumn[]) =>
  columns.map(({ name, type }) => `${name} ${type.replaceAll(/[" ]/g, '')}`);

describe.each(FAMILIES)('$name: the tab and the server answer as plain DuckDB does', ({ statements }) => {
  it.each(statements)('$name', async (statement) => {
    const { sql, runsIn } = statement;
    const expected = await plainAnswer(lakehouse.plain, sql);
    expect(expected.rows.length === 0).toBe(statement.empty);
    const lines = answerLines(expected, statement);
    const planned = await lakehouse.plan(sql);
    const { plan } = planned;
    expect(typesOf(plan.columns)).toEqual(typesOf(expected.columns));
    expect(answerLines(await lakehouse.onServer(planned), statement)).toEqual(lines);

    expect(plan.engine).toMatchObject({
      choice: runsIn === 'tab' ? 'browser' : 'server',
      browserCapable: runsIn === 'tab',
    });
    if (runsIn === 'server') return;
    const { pieces, columns } = await tab.stream({ ...plan, scans: await lakehouse.scansForTab(planned) });
    expect(typesOf(columns)).toEqual(typesOf(expected.columns));
    expect(answerLines(await tableTransfer(plan.columns, pieces), statement)).toEqual(lines);
  });
});

// Plain DuckDB's own client has no word for these: it gives one field only.
it('gives fields without names by their places', async () => {
  const planned = await lakehouse.plan("SELECT row(1, 'x', [row(2, NULL)]) AS r");
  const { plan } = planned;
  const rows = [[{ 1: 1, 2: 'x', 3: [{ 1: 2, 2: null }] }]];
  expect((await lakehouse.onServer(planned)).rows).toEqual(rows);
  const { pieces } = await tab.stream(plan);
  expect((await tableTransfer(plan.columns, pieces)).rows).toEqual(rows);
});

it('holds at least three hundred statements, nearly all of which the tab runs', () => {
  const all = FAMILIES.flatMap(({ statements }) => statements);
  const names = FAMILIES.flatMap((family) => family.statements.map(({ name }) => `${family.name} ${name}`));
  expect(new Set(names).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(all.filter(({ runsIn }) => runsIn === 'tab').length / all.length).toBeGreaterThan(0.95);
});
