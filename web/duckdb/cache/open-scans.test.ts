// @vitest-environment node
import { expect, it, vi } from 'vitest';
import { isAbortError } from '#shared/errors/app-error.ts';
import { openScans } from './open-scans.ts';

it('puts no rows into tables for a query that was cancelled while it looked for them', async () => {
  const stop = new AbortController();
  const hide = vi.fn(async () => undefined);
  const settle = vi.fn(async () => undefined);
  const plan = {
    sql: 'SELECT n FROM scan0',
    columns: [{ name: 'n', type: 'INTEGER' }],
    scans: [
      {
        view: 'scan0',
        table: 't',
        columns: [{ fieldId: 1, name: 'n', sqlType: 'INTEGER', type: 'int' }],
        files: [{ url: '/f', bytes: 1, rows: 1, columns: [] }],
        filesKnown: 1,
        pruning: [],
      },
    ],
  };
  const connection = {
    run: async () => stop.abort(new DOMException('It was cancelled.', 'AbortError')),
    rows: async () => {
      throw new TypeError('interrupted');
    },
  };
  const loader = { expose: async () => ({ sourceOf: () => undefined, scans: 1, hide }), settle };
  const opened = openScans({ connection, plan, loose: true, segments: [], loader, signal: stop.signal });
  await expect(opened).rejects.toSatisfy(isAbortError);
  expect(hide).toHaveBeenCalledOnce();
  expect(settle).not.toHaveBeenCalled();
});
