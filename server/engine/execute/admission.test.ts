import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Admission } from './admission.ts';
import { EnginePlace } from './engine-place.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Enters in the order of the names, h… heavy and l… light; `in` lists those that have a place. */
function crowd(admission: Admission) {
  const inside = new Map<string, () => void>();
  return {
    in: async () => {
      await vi.advanceTimersByTimeAsync(0);
      return [...inside.keys()].sort().join(' ');
    },
    come: (names: string) => {
      for (const name of names.split(' '))
        void admission.enter(undefined, name.startsWith('l')).then((leave) => inside.set(name, leave));
    },
    leave: (name: string) => {
      inside.get(name)?.();
      inside.delete(name);
    },
  };
}

it('lets light ones in beside heavy ones, and heavy ones in their order whatever light ones come', async () => {
  const at = crowd(new Admission({ places: 2, forLight: 1 }));
  at.come('h1 h2 h3 h4 l1 l2');
  expect(await at.in()).toBe('h1 h2 l1');
  at.leave('l1');
  expect(await at.in()).toBe('h1 h2 l2');
  at.come('l3');
  at.leave('h1');
  expect(await at.in()).toBe('h2 h3 l2');
  at.leave('h2');
  at.leave('h3');
  expect(await at.in()).toBe('h4 l2 l3');
});

it('counts one that runs long as heavy, and lets the next light one in, up to all that may run', async () => {
  const at = crowd(new Admission({ places: 1, forLight: 1, most: 3 }));
  at.come('h1 h2 l1 l2 l3');
  expect(await at.in()).toBe('h1 l1');
  await vi.advanceTimersByTimeAsync(2000);
  expect(await at.in()).toBe('h1 l1 l2');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await at.in()).toBe('h1 l1 l2');
  at.leave('h1');
  at.leave('l1');
  expect(await at.in()).toBe('h2 l2');
  at.leave('l2');
  expect(await at.in()).toBe('h2 l3');
});

it('tells who waits how many are before it, and counts those that had to wait', async () => {
  const admission = new Admission({ places: 1, forLight: 1 });
  const enter = (light: boolean) => {
    const place = new EnginePlace();
    return { place, entered: admission.enter(undefined, light, place) };
  };
  const [first, light] = [enter(false), enter(true)];
  const [second, waitingLight, third] = [enter(false), enter(true), enter(false)];
  const states = () => [second, waitingLight, third].map(({ place }) => place.state());
  await vi.advanceTimersByTimeAsync(0);
  expect([first.place.state(), light.place.state()]).toEqual([{ state: 'running' }, { state: 'running' }]);
  // A light one gets a place that heavy ones do not, so none of those is before it.
  expect(states()).toEqual([
    { state: 'waiting', ahead: 0 },
    { state: 'waiting', ahead: 0 },
    { state: 'waiting', ahead: 2 },
  ]);
  expect(admission.load).toMatchObject({ running: 2, waiting: 3, waits: 0 });
  await vi.advanceTimersByTimeAsync(500);
  (await first.entered)();
  (await light.entered)();
  await vi.advanceTimersByTimeAsync(0);
  expect(states()).toEqual([{ state: 'running' }, { state: 'running' }, { state: 'waiting', ahead: 0 }]);
  expect(admission.load).toEqual({ running: 2, waiting: 1, waits: 2, waitedMs: 1000 });
});

it('counts all that are before a light one where none has a place of its own', async () => {
  const admission = new Admission(1);
  await admission.enter();
  const [heavy, light] = [new EnginePlace(), new EnginePlace()];
  void admission.enter(undefined, false, heavy);
  void admission.enter(undefined, true, light);
  expect([heavy.state(), light.state()]).toEqual([
    { state: 'waiting', ahead: 0 },
    { state: 'waiting', ahead: 1 },
  ]);
});
