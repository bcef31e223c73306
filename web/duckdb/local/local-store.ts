import { committed, requested } from '#web/lib/indexed-db.ts';

/** What this browser remembers of a file, to have it again when the page is next opened. */
export interface RememberedFile {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly bytes: number;
  /** By which the browser finds the file again. */
  readonly handle?: FileSystemFileHandle;
  /** The file itself, where it is small. */
  readonly file?: File;
}

export interface LocalStore {
  all(): Promise<readonly RememberedFile[]>;
  put(file: RememberedFile): Promise<void>;
  delete(id: string): Promise<void>;
  clear(): Promise<void>;
}

const DATABASE = 'timestream-local-files';
const FILES = 'files';

export function openLocalStore(): LocalStore {
  let opened: Promise<IDBDatabase> | null = null;
  const change = async (work: (files: IDBObjectStore) => void) => {
    const transaction = (await (opened ??= openDatabase())).transaction(FILES, 'readwrite');
    work(transaction.objectStore(FILES));
    await committed(transaction);
  };
  return {
    all: async () => {
      const transaction = (await (opened ??= openDatabase())).transaction(FILES, 'readonly');
      return requested(transaction.objectStore(FILES).getAll() as IDBRequest<RememberedFile[]>);
    },
    put: (file) =>
      change((files) => {
        files.put(file);
      }),
    delete: (id) =>
      change((files) => {
        files.delete(id);
      }),
    clear: () =>
      change((files) => {
        files.clear();
      }),
  };
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(FILES, { keyPath: 'id' });
  });
  return requested(request);
}
