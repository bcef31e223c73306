import { useState } from 'react';

/**
 * What had the focus when something opened over the page, so that it can have it back: the thing itself can't ask,
 * because by then something inside of it has the focus. Null where there is nothing to go back to.
 */
export function useFocusBefore(open: boolean | undefined): () => HTMLElement | null {
  const [wasOpen, setWasOpen] = useState(false);
  const [before, setBefore] = useState<Element | null>(null);
  if (open !== undefined && open !== wasOpen) {
    setWasOpen(open);
    if (open) setBefore(document.activeElement);
  }
  return () =>
    before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
}
