import { useCallback, useState } from 'react';
import { z } from 'zod';

const KEY = 'timestream.panel';
const remembered = z.object({ width: z.number().min(184).max(480), open: z.boolean() });
type Remembered = z.infer<typeof remembered>;

/** Width in pixels of the panel beside the rail, and whether it is open; kept in this browser. */
export function usePanelWidth() {
  const [state, setState] = useState<Remembered>(read);
  const remember = useCallback((pixels: number) => {
    setState((before) => {
      const width = Math.round(pixels);
      const next = width < 184 ? { ...before, open: false } : { width: Math.min(480, width), open: true };
      if (next.width === before.width && next.open === before.open) return before;
      write(next);
      return next;
    });
  }, []);
  return { ...state, remember };
}

function read(): Remembered {
  try {
    const parsed = remembered.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
    if (parsed.success) return parsed.data;
  } catch {
    // Nothing readable: as at the first visit.
  }
  return { width: 256, open: true };
}

function write(state: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Without storage the width lasts as long as the page.
  }
}
