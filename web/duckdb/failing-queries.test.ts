// @vitest-environment node
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '#shared/contract/plan.ts';
import { exactSql } from './exact-sql.ts';
import { tabError } from './tab-error.ts';
import { openNodeEngine, type NodeEngine } from './testing/node-engine.ts';

interface Failing {
  readonly sql: string;
  readonly error: { readonly code: string; readonly message: string; readonly context: object };
  readonly plan: Pick<Plan, 'sql' | 'columns' | 'anchors'>;
}

/** What the server's engine says, as its own test has recorded it. */
const FAILING = readFileSync(
  new URL('../../shared/sql/testdata/failing-queries.ndjson', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Failing);

describe('of a failing query the tab’s engine says what the server’s says', () => {
  let engine: NodeEngine;
  beforeAll(async () => {
    engine = await openNodeEngine();
    engine.run('CREATE TABLE cache.main.held (c1 BIGINT, c2 VARCHAR, c3 VARCHAR, c4 VARCHAR)');
    engine.run("INSERT INTO cache.main.held SELECT i, 'AA', 'x' || i, '(' FROM range(5) t(i)");
  });

  it.each(FAILING)('$sql', async ({ sql, error, plan }) => {
    for (const view of new Set(plan.sql.match(/scan_\d+/g)))
      engine.run(
        `CREATE OR REPLACE TEMPORARY VIEW ${view} AS SELECT held.c1 AS delay, held.c2 AS carrier, held.c3 AS s, held.c4 AS pattern FROM cache.main.held AS held`,
      );
    const failure: unknown = await (async () => {
      for await (const piece of engine.stream(exactSql(plan))) expect(piece).toBeDefined();
      return null;
    })().catch((thrown: unknown) => thrown);
    expect(failure).not.toBeNull();
    const { code, message, context } = tabError(failure, { sql, plan });
    expect({ code, message, context }).toEqual(error);
  });
});
