import { z } from 'zod';
import { notebookContent, type NotebookSummary } from '#shared/contract/notebooks.ts';
import type { KeptRecords } from '#web/lib/kept-records.ts';
import type { NotebookDocument } from './document.ts';

const draft = notebookContent.extend({
  id: z.string().optional(),
  version: z.number().int(),
  base: notebookContent.optional(),
  /** Milliseconds since 1970 when it was written down. */
  at: z.number().default(0),
});

/** Unsaved work, with the server's version that it started from. */
export type Draft = NotebookDocument & {
  readonly version: number;
  /** What the server had then. */
  readonly base?: NotebookDocument | undefined;
};

/** Version of a notebook that the server does not know yet. */
export const NOT_MADE = 0;

type Kept = z.output<typeof draft>;
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'draft/';

/**
 * Keeps what the server does not have yet in the browser, so that a reload, a crash or a server that is away loses
 * nothing: in its small storage, which has it at once, and in its large one (IndexedDB), which has room for more than a
 * few megabytes. What was written last counts. Storage that is full or forbidden only costs this second safety net.
 */
export class Drafts {
  readonly #store: () => Store;
  readonly #records: KeptRecords | null;
  /** Of the large storage, as far as it was looked up. */
  readonly #large = new Map<string, Kept>();
  /** What is on its way into the large storage, and what comes next. */
  readonly #writing = new Map<string, Kept | null>();
  readonly #listeners = new Set<() => void>();
  #made: readonly NotebookSummary[] = [];

  /** @param store asked each time, because a browser that forbids storage throws when it is asked */
  constructor(store: () => Store, records: KeptRecords | null = null) {
    this.#store = store;
    this.#records = records;
  }

  /** Looks a draft up in the large storage, so that `read` knows it. */
  async prepare(id: string): Promise<void> {
    const found = draft.safeParse(await this.#records?.get(PREFIX + id).catch(() => null));
    if (found.success && found.data.at > (this.#large.get(id)?.at ?? -1)) this.#large.set(id, found.data);
  }

  read(id: string): Draft | null {
    const [small, large] = [this.#small(id), this.#large.get(id) ?? null];
    const newest = large === null || (small !== null && small.at >= large.at) ? small : large;
    if (newest === null) return null;
    const { at: _at, id: _id, ...rest } = newest;
    return rest;
  }

  /** Ids of all notebooks that have a draft; `made` knows afterwards those that other pages made. */
  async find(): Promise<readonly string[]> {
    const found = await this.#records?.all(PREFIX).catch(() => []);
    const large = (found ?? []).flatMap((each) => draft.safeParse(each).data?.id ?? []);
    const ids = [...new Set([...large, ...this.#smallIds()])];
    await Promise.all(ids.map((id) => this.prepare(id)));
    for (const id of ids) this.#list(id);
    return ids;
  }

  /** Notebooks that are nowhere but here, the newest first. */
  readonly made = (): readonly NotebookSummary[] => this.#made;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  write(id: string, value: Draft): void {
    const { cells, ...rest } = value;
    const kept = { ...rest, id, cells: [...cells], at: Date.now() } as Kept;
    this.#large.set(id, kept);
    this.#putLarge(id, kept);
    try {
      this.#store().setItem(key(id), JSON.stringify(kept));
    } catch {
      // Too much for the small storage, or it is forbidden. The queue goes on saving to the server.
    }
    this.#list(id);
  }

  remove(id: string): void {
    this.#large.delete(id);
    if (this.#writing.has(id)) this.#writing.set(id, null);
    this.#records?.remove([PREFIX + id]).catch(() => undefined);
    try {
      this.#store().removeItem(key(id));
    } catch {
      // See above.
    }
    this.#list(id);
  }

  /** Puts a notebook among those that were made here, or takes it from there, as its draft says. */
  #list(id: string): void {
    const kept = this.read(id);
    const before = this.#made.find((each) => each.id === id);
    if (kept?.version !== NOT_MADE) {
      if (before === undefined) return;
      this.#made = this.#made.filter((each) => each !== before);
    } else {
      const { title, folder } = kept;
      if (before !== undefined && before.title === title && before.folder === folder) return;
      const updatedAt = new Date().toISOString();
      const summary = {
        id,
        title,
        updatedAt,
        version: NOT_MADE,
        ...(folder === undefined ? {} : { folder }),
      };
      this.#made = [summary, ...this.#made.filter((each) => each !== before)];
    }
    for (const listener of this.#listeners) listener();
  }

  #smallIds(): readonly string[] {
    try {
      const names = Object.keys(this.#store()).filter((name) => name.startsWith(key('')));
      return names.map((name) => name.slice(key('').length));
    } catch {
      return [];
    }
  }

  #small(id: string): Kept | null {
    try {
      const text = this.#store().getItem(key(id));
      return text === null ? null : (draft.safeParse(JSON.parse(text)).data ?? null);
    } catch {
      return null;
    }
  }

  /** One write at a time; of those that come meanwhile, the last. */
  #putLarge(id: string, value: Kept): void {
    const records = this.#records;
    if (records === null) return;
    const busy = this.#writing.has(id);
    this.#writing.set(id, value);
    if (busy) return;
    const writeAll = async () => {
      for (let next: Kept | null | undefined = value; next !== null && next !== undefined;) {
        await records.put(PREFIX + id, next);
        const latest = this.#writing.get(id);
        next = latest === next ? null : latest;
      }
    };
    writeAll()
      .catch(() => undefined)
      .finally(() => this.#writing.delete(id));
  }
}

function key(id: string): string {
  return `timestream.draft.${id}`;
}
