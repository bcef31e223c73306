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

/** Keeps bytes in IndexedDB: every tab of the origin shares them, and a piece and its entry in the books are one. */
export function openBrowserStore(): KeptStore {
  let opened: Promise<IDBDatabase> | null = null;
  let budget: Promise<number> | null = null;
  let unchecked = Infinity;
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
  const put = async ({ url, start, bytes, sum }: KeptPiece, size: number) => {
    const { transaction, files, pieces } = await begin('readwrite');
    const end = start + bytes.length;
    const known = (await fileOf(files, url)) ?? { url, size, bytes: 0, ranges: [], used: 0 };
    // Two tabs may fetch one range.
    const others = known.ranges.filter((range) => range.start !== start);
    const before = known.ranges.find((range) => range.start === start);
    const grown = bytes.length - (before ? before.end - before.start : 0);
    pieces.put({ url, start, bytes, sum });
    files.put({
      url,
      size,
      bytes: known.bytes + grown,
      ranges: [...others, { start, end }],
      used: Date.now(),
    } satisfies FileRecord);
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
      return (await requested(pieces.get([url, start]) as IDBRequest<KeptPiece | undefined>)) ?? null;
    },
    async keep(piece, size) {
      const most = await (budget ??= allowance());
      if (piece.bytes.length > most * EVICT_TO) return;
      try {
        await put(piece, size);
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError') throw error;
        // The disk is fuller than the browser said: half of what is kept makes room for what is used now.
        await evict((await total()) / 2);
        await put(piece, size);
      }
      unchecked += piece.bytes.length;
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
