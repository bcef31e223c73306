import { renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { NotebookStore } from './notebook-store.ts';
import { useLiveCheck } from './use-live-check.ts';

afterEach(() => vi.unstubAllGlobals());

it('checks a text once, whoever enters and leaves its cell; an unfinished one is told once it is left', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (_: unknown, { body }: { body: string }) => {
    asked.push((JSON.parse(body) as { sql: string }).sql);
    return Response.json({ problem: { code: 'SQL_SYNTAX', message: 'No.', context: { position: 13 } } });
  });
  const store = { relations: { needsCells: () => false }, nameOf: () => 'a' } as unknown as NotebookStore;
  const { result, rerender } = renderHook(
    ({ source, editing }) => useLiveCheck(store, { id: 'a', source }, 'main', editing),
    { initialProps: { source: 'SELECT 1', editing: true } },
  );
  rerender({ source: 'SELECT * FROM', editing: true });
  await waitFor(() => expect(asked).toEqual(['SELECT * FROM']), { timeout: 20_000 });
  expect(result.current).toBeNull();
  rerender({ source: 'SELECT * FROM', editing: false });
  await waitFor(() => expect(result.current?.code).toBe('SQL_SYNTAX'), { timeout: 20_000 });
  rerender({ source: 'SELECT * FROM', editing: true });
  expect(result.current).toBeNull();
  rerender({ source: 'SELECT * FROM', editing: false });
  expect(result.current?.code).toBe('SQL_SYNTAX');
  expect(asked).toHaveLength(1);
});
