// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { serverMayDoBetter, tabError } from './tab-error.ts';
import { openNodeEngine } from './testing/node-engine.ts';

const engine = await openNodeEngine();

function failureOf(sql: string): unknown {
  try {
    engine.rows(sql);
  } catch (error) {
    return error;
  }
  throw new Error(`${sql} should fail`);
}

describe('what the tab’s engine says', () => {
  it.each([
    ["SELECT 'x'::INTEGER", 'SQL_RUNTIME', false],
    ["SELECT error('no such luck')", 'SQL_RUNTIME', false],
    ['SELECT 300::TINYINT', 'SQL_RUNTIME', false],
    ['SELECT nope', 'SQL_BINDING', true],
    ['SELECT * FROM nope', 'SQL_BINDING', true],
    ['SELEC 1', 'SQL_BINDING', true],
    ["SELECT json_extract('{}', '$.a')", 'UNSUPPORTED', true],
    ["SELECT '{}'::JSON", 'UNSUPPORTED', true],
    ["SELECT date_trunc('day', TIMESTAMPTZ '2024-01-01 00:00:00+00')", 'UNSUPPORTED', true],
    ["SELECT TIMESTAMPTZ '2024-01-01 00:00:00+00'::DATE", 'UNSUPPORTED', true],
  ])('%s is %s', (sql, code, server) => {
    const failure = failureOf(sql);
    expect(tabError(failure).code).toBe(code);
    expect(serverMayDoBetter(failure)).toBe(server);
  });

  it('is a sentence without advice on settings and without the rewritten SQL', () => {
    expect(tabError(failureOf("SELECT 'x'::INTEGER AS n")).message).toBe(
      "The text 'x' can't be read as INTEGER.",
    );
    expect(tabError(failureOf("SELECT json_extract('{}', '$.a')")).message).not.toMatch(
      /INSTALL|autoload|LINE/,
    );
  });

  it('keeps the instance alive', () => {
    failureOf("SELECT date_trunc('day', now())");
    expect(engine.rows('SELECT 42 AS n')).toEqual([{ n: 42 }]);
  });

  it('about memory sends people to the server', () => {
    const error = new Error('{"exception_type":"Out of Memory","exception_message":"failed to allocate"}');
    expect(tabError(error)).toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(tabError(error).message).toContain('Run it on the server');
    expect(serverMayDoBetter(error)).toBe(true);
  });

  it('passes on errors that have a code', () => {
    const error = new AppError('CORRUPT_FILE', 'The file is no Parquet.');
    expect(tabError(error)).toBe(error);
    expect(serverMayDoBetter(error)).toBe(false);
    expect(serverMayDoBetter(new AppError('UNAVAILABLE', 'It broke down.'))).toBe(true);
  });
});
