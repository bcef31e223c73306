/** Tells tabs of one browser apart in what they work at. */
export interface TabLocks {
  /** Says that this tab has it, beside others that may have it too; the returned function ends that. */
  hold(name: string): () => void;
  /** Does the work where no tab has it, and keeps it meanwhile; does nothing where one has. */
  whereFree(name: string, work: () => Promise<void>): Promise<void>;
}

/** By the browser's own locks, which end with a tab that dies. Where it has none (a page that is not secure), none is free. */
export function browserLocks(): TabLocks {
  const { locks } = navigator as { readonly locks?: LockManager };
  return {
    hold(name) {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      // A page that goes before it was its turn needs no lock any more.
      locks?.request(name, { mode: 'shared' }, () => held).catch(() => undefined);
      return release;
    },
    async whereFree(name, work) {
      await locks?.request(name, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await work();
      });
    },
  };
}
