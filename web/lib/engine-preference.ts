import { useSyncExternalStore } from 'react';
import { enginePreference, type EnginePreference } from '#shared/contract/plan.ts';

const KEY = 'timestream.engine';
const listeners = new Set<() => void>();
let chosen: EnginePreference | null = null;

/** Where a person wants queries to run; kept in this browser, for all notebooks. */
export function preferredEngine(): EnginePreference {
  chosen ??= stored();
  return chosen;
}

export function setPreferredEngine(preference: EnginePreference): void {
  chosen = preference;
  try {
    localStorage.setItem(KEY, preference);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function usePreferredEngine(): EnginePreference {
  return useSyncExternalStore(subscribe, preferredEngine);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): EnginePreference {
  try {
    return enginePreference.catch('auto').parse(localStorage.getItem(KEY));
  } catch {
    return 'auto';
  }
}
