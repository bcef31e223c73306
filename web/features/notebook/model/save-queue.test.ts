import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { NotebookDocument } from './document.ts';
import { Drafts } from './drafts.ts';
import { SaveQueue, type SaveState } from './save-queue.ts';

const titled = (title: string): NotebookDocument => ({ title, cells: [] });

function setUp() {
  const storage = new Map<string, string>();
  const drafts = new Drafts(() => ({
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => void storage.set(key, value),
    removeItem: (key) => void storage.delete(key),
  }));
  const states: SaveState['kind'][] = [];
  const save = vi.fn<(document: NotebookDocument, version: number) => Promise<number>>();
  const queue = new SaveQueue(7, {
    id: 'n',
    save,
    drafts,
    onState: (state) => states.push(state.kind),
  });
  return { queue, save, states, draft: () => drafts.read('n') };
}

describe('SaveQueue', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('waits for quiet, then saves the newest once', async () => {
    const { queue, save, states, draft } = setUp();
    save.mockResolvedValue(8);
    queue.push(titled('a'));
    queue.push(titled('ab'));
    expect(draft()).toEqual({ ...titled('ab'), version: 7 });
    await vi.runAllTimersAsync();
    expect(save.mock.calls).toEqual([[titled('ab'), 7]]);
    expect(states.at(-1)).toBe('saved');
    expect(draft()).toBeNull();
  });

  it('never has two saves under way, and starts each from the version before', async () => {
    const { queue, save } = setUp();
    let finish: (version: number) => void = () => undefined;
    save.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve))).mockResolvedValueOnce(9);
    queue.push(titled('a'));
    await vi.advanceTimersByTimeAsync(1000);
    queue.push(titled('ab'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(save).toHaveBeenCalledTimes(1);
    finish(8);
    await vi.runAllTimersAsync();
    expect(save.mock.calls[1]).toEqual([titled('ab'), 8]);
    expect(queue.version).toBe(9);
  });

  it('keeps what is typed while this browser is signed out, and saves it after', async () => {
    const { queue, save, states, draft } = setUp();
    save.mockRejectedValueOnce(new AppError('UNAUTHENTICATED', 'no')).mockResolvedValueOnce(8);
    queue.push(titled('a'));
    await vi.advanceTimersByTimeAsync(700);
    expect(states.at(-1)).toBe('offline');
    expect(draft()).toEqual({ ...titled('a'), version: 7 });
    await queue.flush();
    expect(states.at(-1)).toBe('saved');
  });

  it('keeps what is typed while the server is away, and tries again', async () => {
    const { queue, save, states, draft } = setUp();
    save.mockRejectedValueOnce(new AppError('UNAVAILABLE', 'Away.')).mockResolvedValueOnce(8);
    queue.push(titled('a'));
    await vi.advanceTimersByTimeAsync(700);
    expect(states.at(-1)).toBe('offline');
    expect(draft()?.title).toBe('a');
    await vi.runAllTimersAsync();
    expect(save).toHaveBeenCalledTimes(2);
    expect(states.at(-1)).toBe('saved');
  });

  it('sends nothing more after a conflict, but keeps what is typed', async () => {
    const { queue, save, states, draft } = setUp();
    save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'Changed.'));
    queue.push(titled('a'));
    await vi.runAllTimersAsync();
    queue.push(titled('ab'));
    await vi.runAllTimersAsync();
    expect(save).toHaveBeenCalledTimes(1);
    expect(states.at(-1)).toBe('conflict');
    expect(draft()?.title).toBe('ab');
    expect(draft()?.version).not.toBe(8);
  });

  it('goes on from the version that a conflict was merged with', async () => {
    const { queue, save, states } = setUp();
    save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'Changed.')).mockResolvedValueOnce(13);
    queue.push(titled('a'));
    await vi.runAllTimersAsync();
    queue.resolve(12);
    queue.push(titled('merged'));
    await vi.runAllTimersAsync();
    expect(save.mock.calls[1]).toEqual([titled('merged'), 12]);
    expect(states.at(-1)).toBe('saved');
  });

  it('does not repeat what the server refused for good, until more is typed', async () => {
    const { queue, save, states } = setUp();
    save.mockRejectedValueOnce(new AppError('INVALID_INPUT', 'Too long.')).mockResolvedValueOnce(8);
    queue.push(titled('a'));
    await vi.runAllTimersAsync();
    expect(states.at(-1)).toBe('failed');
    expect(save).toHaveBeenCalledTimes(1);
    queue.push(titled('b'));
    await vi.runAllTimersAsync();
    expect(states.at(-1)).toBe('saved');
  });
});

describe('Drafts', () => {
  it('takes a storage that throws, and text that is no draft, for none', () => {
    const broken = new Drafts(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    broken.write('n', { title: '', cells: [], version: 1 });
    broken.remove('n');
    expect(broken.read('n')).toBeNull();
    const odd = new Drafts(() => ({
      getItem: () => '{"title":1}',
      setItem: () => undefined,
      removeItem: () => undefined,
    }));
    expect(odd.read('n')).toBeNull();
  });
});
