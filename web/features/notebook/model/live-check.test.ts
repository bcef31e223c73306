import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { checkCell, type LiveCheckPorts } from './live-check.ts';

const unknown = (position: number) =>
  new AppError('COLUMN_NOT_FOUND', 'There is no column "x".', { context: { position, suggestions: ['y'] } });

function ports(errors: Readonly<Record<string, AppError>>, asked: string[] = []): LiveCheckPorts {
  return {
    check: async (sql) => {
      asked.push(sql);
      const error = errors[sql];
      if (error !== undefined) throw error;
    },
    compose: () => null,
    nameOf: (id) => id,
  };
}

const check = (source: string, given: LiveCheckPorts) =>
  checkCell({ id: 'a', source, ref: 'main' }, given, new AbortController().signal);

describe('checkCell', () => {
  it('gives the first error, placed in the whole text', async () => {
    const found = await check('SELECT 1; SELECT x', ports({ 'SELECT x': unknown(7) }));
    expect(found?.error.context).toMatchObject({ position: 17, line: 1, column: 18, suggestions: ['y'] });
  });

  it('asks nothing of statements that change tables', async () => {
    const asked: string[] = [];
    expect(await check("DELETE FROM t; SELECT 1; INSERT INTO t VALUES ('a')", ports({}, asked))).toBeNull();
    expect(asked).toEqual(['SELECT 1']);
  });

  it('tells a text that is not finished from one that is wrong, and is silent about what is no fault of it', async () => {
    const unfinished = async (source: string, position: number) => {
      const syntax = new AppError('SQL_SYNTAX', 'No.', { context: { position } });
      return (await check(source, ports({ [source]: syntax })))?.unfinished;
    };
    expect(await unfinished('SELECT * FROM', 13)).toBe(true);
    expect(await unfinished('SELECT FROM FROM t', 12)).toBe(false);
    // A misspelt word is the next one's fault for DuckDB, also where that is a dotted name at the end.
    expect(await unfinished('SELECT origin FORM bronze.flights', 25)).toBe(false);
    expect(await unfinished('SELECT a FROM t WHE x', 20)).toBe(true);
    expect(await check('SELECT 1', ports({ 'SELECT 1': new AppError('UNAVAILABLE', 'Away.') }))).toBeNull();
  });

  it('looks at what the cells that it reads make of it', async () => {
    const given: LiveCheckPorts = {
      ...ports({ 'WITH b AS (SELECT 1 AS y) SELECT x FROM b': unknown(33) }),
      compose: async () => ({
        sql: 'WITH b AS (SELECT 1 AS y) SELECT x FROM b',
        ref: 'main',
        reads: ['b'],
        pieces: [
          { cell: 'b', start: 11, end: 24, from: 0 },
          { cell: 'a', start: 26, end: 41, from: 0 },
        ],
      }),
    };
    const found = await check('SELECT x FROM b', given);
    expect(found?.error.context['position']).toBe(7);
  });
});
