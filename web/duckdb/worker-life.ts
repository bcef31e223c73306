/** Absent on pages that are not secure: then a worker that ends without a word is not noticed. */
function locks(): LockManager | undefined {
  return (navigator as { readonly locks?: LockManager }).locks;
}

/**
 * In a worker: takes a lock that the browser frees when the worker ends, however it does. Nothing else says so: a worker
 * that the browser or its own code closes sends no event.
 *
 * @returns the lock's name, once it is held; null where this browser has no locks
 */
export async function holdLife(): Promise<string | null> {
  const manager = locks();
  if (!manager) return null;
  const name = `timestream-worker-${crypto.randomUUID()}`;
  await new Promise<void>((held, failed) => {
    const forEver = () => {
      held();
      return new Promise<never>(() => undefined);
    };
    manager.request(name, forEver).catch(failed);
  });
  return name;
}

/** On the page: calls `onEnd` when the worker that holds the lock has ended, also where the page itself ended it. */
export function onWorkerEnd(lock: string | null, onEnd: () => void): void {
  if (lock === null) return;
  locks()
    ?.request(lock, onEnd)
    // A page that is going away.
    .catch(() => undefined);
}
