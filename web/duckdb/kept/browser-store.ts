import { committed, requested } from '#web/lib/indexed-db.ts';
import type { KeptOutline, KeptPiece, KeptStore } from './kept-store.ts';

const DATABASE = 'timestream-data-files';
const FILES = 'files';
const PIECES = 'pieces';
/** Kept at most, whatever the browser would grant. */
const MAX_BYTES = 4 * 1024 ** 3;
/** Of what the browser grants this origin. */
const QUOTA_SHARE = 0.3;
/** Written between two looks at how much is kept in all. */
const CHECK_SHARE = 0.02;
/** An eviction makes this much room, so that not every piece needs one. */
const EVICT_TO = 0.8;

interface FileRecord {
  readonly url: string;
  readonly size: number;
  /** Of its pieces. */
  readonly bytes: number;
  readonly ranges: KeptOutline['ranges'];
  /** Milliseconds since 1970. */
  readonly used: number;
}

interface PieceRecord extends KeptPiece {
  readonly url: string;
}

/** Where every page and worker of the origin hears that what is kept is dropped. */
const CLEARINGS = 'timestream-data-files-cleared';

/** Calls for each time that what is kept is dropped, by whatever page. */
export function onCleared(listener: () => void): void {
  new BroadcastChannel(CLEARINGS).addEventListener('message', listener);
}

/** Keeps bytes in IndexedDB: every tab of the origin shares them, and a piece and its entry in the books are one. */
export function openBrowserStore(): KeptStore {
  let opened: Promise<IDBDatabase> | null = null;
  let budget: Promise<number> | null = null;
  let unchecked = Infinity;
  let clearings: BroadcastChannel | null = null;
  const database = () => (opened ??= openDatabase());
  const begin = async (mode: IDBTransactionMode) => {
    const transaction = (await database()).transaction([FILES, PIECES], mode, { durability: 'relaxed' });
    return {
      transaction,
      files: transaction.objectStore(FILES),
      pieces: transaction.objectStore(PIECES),
    };
  };
  const fileOf = (files: IDBObjectStore, url: string) =>
    requested(files.get(url) as IDBRequest<FileRecord | undefined>);
  const allFiles = (files: IDBObjectStore) => requested(files.getAll() as IDBRequest<FileRecord[]>);

  /** Drops the files that were not used for longest, until `most` bytes are left. */
  const evict = async (most: number) => {
    const { transaction, files, pieces } = await begin('readwrite');
    const all = await allFiles(files);
    let excess = all.reduce((sum, { bytes }) => sum + bytes, 0) - most;
    for (const { url, bytes } of all.toSorted((a, b) => a.used - b.used)) {
      if (excess <= 0) break;
      excess -= bytes;
      files.delete(url);
      pieces.delete(ofFile(url));
    }
    await committed(transaction);
  };
  const put: KeptStore['keep'] = async ({ url, size }, fetched) => {
    const { transaction, files, pieces } = await begin('readwrite');
    const known = await fileOf(files, url);
    // Two tabs may fetch one range.
    const ends = new Map(known?.ranges.map(({ start, end }) => [start, end]));
    for (const { start, bytes, sum } of fetched) {
      pieces.put({ url, start, bytes, sum } satisfies PieceRecord);
      ends.set(start, start + bytes.length);
    }
    const ranges = Array.from(ends, ([start, end]) => ({ start, end }));
    const bytes = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    files.put({ url, size, bytes, ranges, used: Date.now() } satisfies FileRecord);
    await committed(transaction);
  };
  const total = async () =>
    (await allFiles((await begin('readonly')).files)).reduce((all, { bytes }) => all + bytes, 0);

  return {
    async outline(url) {
      const { transaction, files } = await begin('readwrite');
      const file = await fileOf(files, url);
      if (!file) return null;
      files.put({ ...file, used: Date.now() });
      await committed(transaction);
      return { size: file.size, ranges: file.ranges };
    },
    async read(url, start) {
      const { pieces } = await begin('readonly');
      return (await requested(pieces.get([url, start]) as IDBRequest<PieceRecord | undefined>)) ?? null;
    },
    async keep(file, fetched) {
      const most = await (budget ??= allowance());
      const bytes = fetched.reduce((sum, piece) => sum + piece.bytes.length, 0);
      if (bytes > most * EVICT_TO) return;
      try {
        await put(file, fetched);
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
        // The disk is fuller than the browser said: half of what is kept makes room for what is used now.
        await evict((await total()) / 2);
        await put(file, fetched);
      }
      unchecked += bytes;
      if (unchecked <= most * CHECK_SHARE) return;
      unchecked = 0;
      if ((await total()) > most) await evict(most * EVICT_TO);
    },
    async forget(url) {
      const { transaction, files, pieces } = await begin('readwrite');
      files.delete(url);
      pieces.delete(ofFile(url));
      await committed(transaction);
    },
    bytes: total,
    async clear() {
      clearings ??= new BroadcastChannel(CLEARINGS);
      clearings.postMessage(null);
      const { transaction, files, pieces } = await begin('readwrite');
      files.clear();
      pieces.clear();
      await committed(transaction);
    },
  };
}

function ofFile(url: string): IDBKeyRange {
  return IDBKeyRange.bound([url], [url, []]);
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(FILES, { keyPath: 'url' });
    request.result.createObjectStore(PIECES, { keyPath: ['url', 'start'] });
  });
  return requested(request);
}

async function allowance(): Promise<number> {
  // Absent on pages that are not secure.
  const storage = (navigator as { readonly storage?: StorageManager }).storage;
  const { quota = MAX_BYTES } = (await storage?.estimate()) ?? {};
  return Math.min(MAX_BYTES, quota * QUOTA_SHARE);
}
