import { useEffect, useLayoutEffect, useRef } from 'react';

interface Kept {
  readonly cell: string;
  /** A run of the cell is under way. */
  readonly running: boolean;
  readonly editing: boolean;
}

/**
 * Scrolls as far as it takes to show what the person at the keyboard waits for: a cell that was just made for writing,
 * and the answer of the cell in which they are. A page that they have scrolled elsewhere stays where it is.
 */
export function useKeepInView({ cell, running, editing }: Kept): void {
  const isNew = useRef(true);
  useLayoutEffect(() => {
    if (isNew.current && editing) frameOf(cell)?.scrollIntoView({ block: 'nearest' });
    isNew.current = false;
  }, [cell, editing]);

  const wasRunning = useRef(running);
  useEffect(() => {
    const ended = wasRunning.current && !running;
    wasRunning.current = running;
    const element = frameOf(cell);
    if (!ended || element === null || !element.contains(document.activeElement)) return;
    // An answer has its height one frame after it is there.
    const soon = requestAnimationFrame(() => {
      if (startsInView(element)) element.scrollIntoView({ block: 'nearest' });
    });
    return () => cancelAnimationFrame(soon);
  }, [cell, running]);
}

function frameOf(cell: string): HTMLElement | null {
  const frames = document.querySelectorAll<HTMLElement>('[data-cell]');
  return [...frames].find((frame) => frame.dataset['cell'] === cell) ?? null;
}

/** Whether the upper edge is where the person sees it, so that scrolling down to the rest loses nothing. */
function startsInView(element: HTMLElement): boolean {
  const port = element.closest('[data-scrolls]')?.getBoundingClientRect();
  const { top } = element.getBoundingClientRect();
  return port !== undefined && top >= port.top && top < port.bottom;
}
