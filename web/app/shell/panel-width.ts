import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';

export const MIN_WIDTH = 184;
export const MAX_WIDTH = 480;
const KEY = 'timestream.panel';
const panelState = z.object({ width: z.number().min(MIN_WIDTH).max(MAX_WIDTH), open: z.boolean() });

/** Width in pixels of the panel beside the rail, and whether it is open; kept in this browser. */
export function usePanel() {
  const [state, setState] = useState(read);
  useEffect(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // Without storage it lasts as long as the page.
    }
  }, [state]);
  const resize = useCallback(
    (pixels: number) =>
      setState({ width: Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, pixels))), open: true }),
    [],
  );
  const toggle = useCallback(() => setState((before) => ({ ...before, open: !before.open })), []);
  return { ...state, resize, toggle };
}

function read(): z.infer<typeof panelState> {
  try {
    const parsed = panelState.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
    if (parsed.success) return parsed.data;
  } catch {
    // Nothing readable: as at the first visit.
  }
  return { width: 256, open: true };
}
