import { useSyncExternalStore } from 'react';

let leaves = false;
const listeners = new Set<() => void>();

/** Lets Tab go on to the next control instead of indenting, or indent again; in all editors. */
export function toggleTabLeaves(): void {
  leaves = !leaves;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether Tab leaves the editors. */
export function useTabLeaves(): boolean {
  return useSyncExternalStore(subscribe, () => leaves);
}
