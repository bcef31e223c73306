import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useKeepInView } from './keep-in-view.ts';

let scrolled: string[];
/** Pixels from the top of the window to the cell's upper edge. */
let top: number;
beforeEach(() => {
  scrolled = [];
  top = 500;
  Element.prototype.scrollIntoView = function scrollIntoView(this: HTMLElement) {
    scrolled.push(this.dataset['cell'] ?? '');
  };
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function rect(this: HTMLElement) {
    return this.dataset['cell'] === undefined ? new DOMRect(0, 90, 800, 600) : new DOMRect(0, top, 800, 400);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function Cell({
  id,
  running = false,
  editing = false,
}: {
  id: string;
  running?: boolean;
  editing?: boolean;
}) {
  useKeepInView({ cell: id, running, editing });
  return (
    <div data-cell={id}>
      <input aria-label={id} />
    </div>
  );
}

/** Two cells of which the second runs, with the focus in one of them, and then has its answer. */
async function answer(focus: 'a' | 'b') {
  const page = (running: boolean) => (
    <div data-scrolls>
      <Cell id="a" />
      <Cell id="b" running={running} />
    </div>
  );
  const { getByLabelText, rerender } = render(page(true));
  getByLabelText(focus).focus();
  rerender(page(false));
  await new Promise((resolve) => setTimeout(resolve, 5));
}

it('shows the answer of the cell in which the person is', async () => {
  await answer('b');
  await waitFor(() => expect(scrolled).toEqual(['b']));
});

it.each([
  ['is in another cell', 'a' as const, 500],
  ['has scrolled past its start', 'b' as const, 40],
  ['has scrolled up, away from it', 'b' as const, 700],
])('leaves the page where it is when the person %s', async (_, focus, place) => {
  top = place;
  await answer(focus);
  expect(scrolled).toEqual([]);
});

it('shows a cell that comes up for writing, and none that is only clicked', () => {
  const { rerender } = render(<Cell id="a" />);
  rerender(<Cell id="a" editing />);
  expect(scrolled).toEqual([]);
  render(<Cell id="new" editing />);
  expect(scrolled).toEqual(['new']);
});
