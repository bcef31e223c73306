import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { SqlParser } from '../engine/analyze/parse.ts';

/** For the tests of a file: what DuckDB makes of SQL. */
export function sqlParser(): () => SqlParser {
  let instance: DuckDBInstance | undefined;
  let parser: SqlParser | undefined;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
    parser = await SqlParser.create(await instance.connect());
  });
  afterAll(() => instance?.closeSync());
  return () => {
    if (parser === undefined) throw new Error('A parser is there in tests alone.');
    return parser;
  };
}
