import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { storedChoice } from './stored-choice.ts';

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

const open = () =>
  storedChoice(
    'k',
    (text) => text === 'on',
    (on) => (on ? 'on' : null),
  );

it('is kept for the next page, and tells all who show it', () => {
  const choice = open();
  const { result } = renderHook(() => choice.use());
  expect(result.current).toBe(false);
  act(() => choice.set(true));
  expect(result.current).toBe(true);
  expect(localStorage.getItem('k')).toBe('on');
  expect(open().get()).toBe(true);
  act(() => choice.set(false));
  expect([choice.get(), localStorage.getItem('k')]).toEqual([false, null]);
});

it('lasts as long as the page where nothing may be kept', () => {
  for (const method of ['getItem', 'setItem', 'removeItem'] as const)
    vi.spyOn(Storage.prototype, method).mockImplementation(() => {
      throw new DOMException('No.', 'SecurityError');
    });
  const choice = open();
  expect(choice.get()).toBe(false);
  choice.set(true);
  expect(choice.get()).toBe(true);
  expect(open().get()).toBe(false);
});
