import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rehearse } from './rehearsal.ts';
import { Tab } from './tab.ts';

vi.mock('./rehearsal.ts', () => ({ rehearse: vi.fn(() => Promise.resolve()), pageIdle: vi.fn() }));
vi.mock('./engine/engine.ts', () => {
  const engine = { bundle: { name: 'mvp', threads: 1 }, dead: false, onDeath: vi.fn(), terminate: vi.fn() };
  return { Engine: { start: () => Promise.resolve(engine) } };
});
vi.mock('./cache/column-loader.ts', () => {
  const loader = { busy: false, used: false, stop: vi.fn() };
  return { ColumnLoader: { open: () => Promise.resolve(loader) } };
});
vi.mock('./parquet/decode-pool.ts', () => ({
  DecodePool: class {
    warmUp = vi.fn();
    close = vi.fn();
  },
}));

const rehearsals = () => vi.mocked(rehearse).mock.calls;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(rehearse).mockClear();
});

async function tabAtRest(expectsQueries: () => boolean): Promise<Tab> {
  const tab = new Tab({
    budget: 1000,
    origin: 'http://host/',
    engine: { extensions: () => Promise.resolve([]) },
    onChange: () => undefined,
    expectsQueries,
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.dynamicImportSettled();
  return tab;
}

it('rehearses where queries may come, until none may any more', async () => {
  let expected = true;
  const tab = await tabAtRest(() => expected);
  expect(rehearsals()).toHaveLength(1);
  const isBusy = rehearsals()[0]?.[0].isBusy;
  expect(isBusy?.()).toBe(false);
  expected = false;
  expect(isBusy?.()).toBe(true);
  tab.close();
});

it('does not rehearse for queries that go elsewhere', async () => {
  const tab = await tabAtRest(() => false);
  expect(rehearsals()).toEqual([]);
  tab.close();
});
