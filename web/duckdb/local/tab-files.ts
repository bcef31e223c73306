import type { SaveUploadResult } from '#shared/contract/uploads.ts';
import type { LocalRelation, Plan } from '#shared/contract/plan.ts';
import { AppError, errorMessage, isAbortError } from '#shared/errors/app-error.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { Transport } from '#web/lib/api-client.ts';
import { setLocalRelations } from '#web/lib/local-relations.ts';
import type { Engine } from '../engine/engine.ts';
import { fileFault } from './ask-worker.ts';
import { FILE_ENDINGS, fileKind, relationName, type FileKind } from './file-kind.ts';
import { localEngine } from './local-engine.ts';
import type { LocalStore, RememberedFile } from './local-store.ts';
import { readFile, type HeldFile } from './read-file.ts';
import { permission } from './file-permission.ts';
import { saveFile } from './save-file.ts';
import type { GivenFile, LocalFile, LocalFiles, SaveFile } from './types.ts';

/** Files up to this are kept whole, and are there again when the page is next opened. */
const REMEMBERED_BYTES = 32 * 1024 ** 2;
const NO_NAME = /["\0]|^__timestream/i;
const LONGEST_NAME = 200;

interface Entry {
  shown: LocalFile;
  readonly kind: FileKind;
  file: File | null;
  handle: FileSystemFileHandle | undefined;
  /** What reads it; another one from when it is given anew. */
  stop: AbortController;
  held: WeakMap<Engine, Promise<HeldFile>>;
}

type SaveOptions = Parameters<LocalFiles['save']>[2];

interface Running {
  readonly engine: Engine;
}

/** The files of a tab. An engine that broke down is given them again. */
export class TabFiles implements LocalFiles {
  readonly #running: () => Promise<Running>;
  readonly #store: LocalStore;
  readonly #transport: Transport;
  readonly #listeners = new Set<() => void>();
  #entries: readonly Entry[] = [];
  #list: readonly LocalFile[] = [];
  #keys = 0;

  constructor(running: () => Promise<Running>, store: LocalStore, transport: Transport = {}) {
    this.#running = running;
    this.#store = store;
    this.#transport = transport;
    // A browser that keeps nothing (in a private window, say) has none.
    this.#remember().catch(() => undefined);
  }

  list(): readonly LocalFile[] {
    return this.#list;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  relations(): readonly LocalRelation[] {
    return this.#entries.flatMap(({ shown: { state, name, columns } }) =>
      state === 'ready' ? [{ name, columns: [...columns] }] : [],
    );
  }

  add(given: readonly GivenFile[]): readonly LocalFile[] {
    const unknown: string[] = [];
    const added: Entry[] = [];
    for (const { file, handle } of given) {
      const kind = fileKind(file.name);
      if (kind === null) unknown.push(file.name);
      else added.push(this.#take(file, kind, handle));
    }
    this.#changed();
    if (unknown.length > 0)
      throw new AppError(
        'INVALID_INPUT',
        `${unknown.join(', ')} can’t be queried: only files that end in ${FILE_ENDINGS.map((ending) => `.${ending}`).join(', ')} can.`,
      );
    return added.map(({ shown }) => shown);
  }

  rename(id: string, name: string): void {
    const entry = this.#find(id);
    const wanted = name.trim();
    if (entry === undefined || wanted === entry.shown.name) return;
    if (wanted === '' || wanted.length > LONGEST_NAME || NO_NAME.test(wanted))
      throw new AppError('INVALID_INPUT', 'A file can’t be called so: a name has letters, and no quotes.');
    const other = this.#entries.find(
      (each) => each !== entry && each.shown.name.toLowerCase() === wanted.toLowerCase(),
    );
    if (other !== undefined)
      throw new AppError('INVALID_INPUT', `${other.shown.fileName} is called ${other.shown.name} already.`);
    this.#show(entry, { name: wanted });
    this.#keep(entry);
  }

  remove(id: string): void {
    const entry = this.#find(id);
    if (entry === undefined) return;
    this.#entries = this.#entries.filter((each) => each !== entry);
    this.#drop(entry);
    this.#store.delete(id).catch(() => undefined);
    this.#changed();
  }

  async reopen(id: string): Promise<void> {
    const entry = this.#find(id);
    if (entry?.handle === undefined) return;
    if ((await permission(entry.handle, 'request')) !== 'granted') return;
    await this.#openHandle(entry, entry.handle);
  }

  async save(id: string, save: SaveFile, { signal, onProgress }: SaveOptions): Promise<SaveUploadResult> {
    const { engine } = await this.#running();
    const shown = this.#find(id)?.shown;
    const name = shown?.name ?? '';
    const used = save.columns.map(({ from }) => from);
    const connection = await engine.connect();
    try {
      for (const view of await this.views(engine, [{ name, columns: used }], signal))
        await connection.run(view);
      return await saveFile({ connection, name, save, transport: this.#transport, signal, onProgress });
    } finally {
      await connection.close();
    }
  }

  /** Forgets what this browser remembers for the next visit. */
  async forget(): Promise<void> {
    await this.#store.clear().catch(() => undefined);
  }

  /**
   * The statements that make the files of a plan readable by their names on one connection.
   *
   * @throws AppError NOT_FOUND for one that is gone since, CORRUPT_FILE; the signal's reason
   */
  async views(engine: Engine, locals: Plan['locals'], signal: AbortSignal): Promise<readonly string[]> {
    return Promise.all(
      (locals ?? []).map(async ({ name, columns: used }) => {
        const entry = this.#entries.find(({ shown }) => shown.name.toLowerCase() === name.toLowerCase());
        if (entry === undefined || entry.file === null)
          throw new AppError(
            'NOT_FOUND',
            `The file ${name} is not open any more. Drop it into the page again.`,
          );
        const held = await this.#heldBy(engine, entry);
        const wanted = new Set(used);
        const places = held.columns.flatMap((column, at) => (wanted.has(column.name) ? [at] : []));
        const source = await held.source(places, signal);
        // Only what is read is loaded; the others have to be there to be named.
        const items = held.columns.map(
          (column) =>
            `${wanted.has(column.name) ? column.sql : `CAST(NULL AS ${column.type})`} AS ${quoteIdentifier(column.name)}`,
        );
        return `CREATE OR REPLACE TEMPORARY VIEW ${quoteIdentifier(name)} AS SELECT ${items.join(', ')} FROM ${source}`;
      }),
    );
  }

  #take(file: File, kind: FileKind, handle: FileSystemFileHandle | undefined): Entry {
    // A file that is given again is the same one, as it is by now.
    const known = this.#entries.find(({ shown }) => shown.fileName === file.name);
    if (known !== undefined) {
      this.#drop(known);
      if (handle !== undefined) known.handle = handle;
      this.#open(known, file);
      return known;
    }
    const taken = new Set(this.#entries.map(({ shown }) => shown.name.toLowerCase()));
    const id = crypto.randomUUID();
    const entry = newEntry(
      { id, name: relationName(file.name, taken), fileName: file.name, bytes: file.size },
      kind,
    );
    entry.handle = handle;
    this.#entries = [...this.#entries, entry];
    this.#open(entry, file);
    return entry;
  }

  async #remember(): Promise<void> {
    for (const remembered of await this.#store.all()) {
      const kind = fileKind(remembered.fileName);
      if (kind === null || this.#entries.some(({ shown }) => shown.fileName === remembered.fileName))
        continue;
      const entry = newEntry(remembered, kind);
      entry.handle = remembered.handle;
      this.#entries = [...this.#entries, entry];
      if (remembered.file !== undefined) this.#open(entry, remembered.file);
      else if (
        remembered.handle !== undefined &&
        (await permission(remembered.handle, 'query')) === 'granted'
      )
        await this.#openHandle(entry, remembered.handle);
      this.#changed();
    }
  }

  async #openHandle(entry: Entry, handle: FileSystemFileHandle | undefined): Promise<void> {
    try {
      const file = await handle?.getFile();
      if (file !== undefined) this.#open(entry, file);
    } catch {
      const error = fileFault(
        { name: entry.shown.fileName },
        'it is not where it was. Drop it into the page again.',
        null,
      );
      this.#show(entry, { state: 'failed', error });
    }
  }

  /** Starts to read a file; what comes of it is shown. */
  #open(entry: Entry, file: File): void {
    entry.file = file;
    entry.stop = new AbortController();
    entry.held = new WeakMap();
    this.#show(entry, {
      state: 'reading',
      bytes: file.size,
      done: 0,
      rows: null,
      columns: [],
      error: null,
      notes: [],
    });
    this.#keep(entry);
    const { signal } = entry.stop;
    this.#readAhead(entry, file.size, signal).catch((error: unknown) => {
      if (signal.aborted || isAbortError(error)) return;
      this.#show(entry, { state: 'failed', error: asFault(file, error) });
    });
  }

  async #readAhead(entry: Entry, bytes: number, signal: AbortSignal): Promise<void> {
    const { engine } = await this.#running();
    const { columns, rows, notes } = await this.#heldBy(engine, entry);
    if (signal.aborted) return;
    const shown = columns.map(({ name, type }) => ({ name, type }));
    this.#show(entry, { state: 'ready', columns: shown, rows, notes, done: bytes });
  }

  #heldBy(engine: Engine, entry: Entry): Promise<HeldFile> {
    const known = entry.held.get(engine);
    if (known !== undefined) return known;
    this.#keys += 1;
    const held = this.#read(engine, entry, `f${this.#keys}`);
    entry.held.set(engine, held);
    held.catch(() => entry.held.delete(engine));
    return held;
  }

  async #read(engine: Engine, entry: Entry, key: string): Promise<HeldFile> {
    const { file, kind, stop } = entry;
    if (file === null) throw new AppError('NOT_FOUND', `The file ${entry.shown.fileName} is not open.`);
    const onProgress = (done: number) => {
      if (!stop.signal.aborted) this.#show(entry, { done });
    };
    return readFile({ engine: await localEngine(engine), file, kind, key, signal: stop.signal, onProgress });
  }

  /** Ends the reading of a file, and drops what was read. */
  #drop(entry: Entry): void {
    entry.stop.abort(new DOMException('The file was closed.', 'AbortError'));
    const { held } = entry;
    this.#running()
      .then(async ({ engine }) => (await held.get(engine))?.drop())
      // What stays behind costs memory only until the engine ends.
      .catch(() => undefined);
  }

  #keep({ shown: { id, name, fileName, bytes }, file, handle }: Entry): void {
    const whole = file !== null && file.size <= REMEMBERED_BYTES ? { file } : {};
    this.#store
      .put({ id, name, fileName, bytes, ...(handle === undefined ? {} : { handle }), ...whole })
      // Where the browser keeps nothing, the file lasts as long as the page.
      .catch(() => undefined);
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find(({ shown }) => shown.id === id);
  }

  #show(entry: Entry, changes: Partial<LocalFile>): void {
    entry.shown = { ...entry.shown, ...changes, canReopen: entry.handle !== undefined };
    this.#changed();
  }

  #changed(): void {
    this.#list = this.#entries.map(({ shown }) => shown);
    setLocalRelations(this.relations());
    for (const listener of this.#listeners) listener();
  }
}

function newEntry({ id, name, fileName, bytes, handle }: RememberedFile, kind: FileKind): Entry {
  return {
    kind,
    file: null,
    handle,
    stop: new AbortController(),
    held: new WeakMap(),
    shown: {
      id,
      name,
      fileName,
      bytes,
      format: kind.format,
      state: 'away',
      canReopen: handle !== undefined,
      done: 0,
      rows: null,
      columns: [],
      error: null,
      notes: [],
    },
  };
}

function asFault(file: File, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DOMException && error.name === 'NotReadableError')
    return fileFault(file, 'it changed or went away while it was read. Drop it into the page again.', null);
  return fileFault(file, `it can’t be read (${errorMessage(error).replace(/\.$/, '')}).`, null);
}
