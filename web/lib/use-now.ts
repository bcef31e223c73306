import { useCallback, useSyncExternalStore } from 'react';

/** The time in milliseconds since 1970, rounded down to `step` milliseconds; renders anew as it goes on. */
export function useNow(step = 15_000): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = setInterval(listener, step);
      return () => clearInterval(timer);
    },
    [step],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / step) * step);
}
