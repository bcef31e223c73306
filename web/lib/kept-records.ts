import { committed, requested } from './indexed-db.ts';

/** Values that outlive the page, under names; all tabs of the origin share them. */
export interface KeptRecords {
  /** Null where there is none. */
  get(name: string): Promise<unknown>;
  /** Of one kind: those whose names begin so. */
  all(prefix: string): Promise<readonly unknown[]>;
  put(name: string, value: unknown): Promise<void>;
  /** Puts what becomes of what is there (null where there is none), with nobody in between. Null leaves it as it is. */
  change(name: string, next: (before: unknown) => unknown): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
}

const DATABASE = 'timestream-kept';
const STORE = 'records';
/** Above every letter that a name has. */
const LAST = '\uffff';

/**
 * In IndexedDB, which takes far more than the browser's small storage. What is put there is cloned, so it has to be
 * plain. Every call rejects where the browser forbids storage, or its disk is full: whoever calls says what that costs.
 */
export function browserRecords(): KeptRecords {
  let opened: Promise<IDBDatabase> | null = null;
  const begin = async (mode: IDBTransactionMode) => {
    opened ??= openDatabase();
    // A browser that could not open it now may do so later.
    opened.catch(() => (opened = null));
    const transaction = (await opened).transaction(STORE, mode);
    return { transaction, store: transaction.objectStore(STORE) };
  };
  return {
    async get(name) {
      const { store } = await begin('readonly');
      return (await requested(store.get(name) as IDBRequest<unknown>)) ?? null;
    },
    async all(prefix) {
      const { store } = await begin('readonly');
      return requested(store.getAll(IDBKeyRange.bound(prefix, prefix + LAST)) as IDBRequest<unknown[]>);
    },
    async put(name, value) {
      const { transaction, store } = await begin('readwrite');
      store.put(value, name);
      await committed(transaction);
    },
    async change(name, next) {
      const { transaction, store } = await begin('readwrite');
      const value = next((await requested(store.get(name) as IDBRequest<unknown>)) ?? null);
      if (value !== null) store.put(value, name);
      await committed(transaction);
    },
    async remove(names) {
      const { transaction, store } = await begin('readwrite');
      for (const name of names) store.delete(name);
      await committed(transaction);
    },
  };
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
  return requested(request);
}
