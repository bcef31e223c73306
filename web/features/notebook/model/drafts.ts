import { z } from 'zod';
import { notebookContent } from '#shared/contract/notebooks.ts';
import type { NotebookDocument } from './document.ts';

const draft = notebookContent.extend({ version: z.number().int(), base: notebookContent.optional() });

/** Unsaved work, with the server's version that it started from. */
export type Draft = NotebookDocument & {
  readonly version: number;
  /** What the server had then. */
  readonly base?: NotebookDocument | undefined;
};

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Keeps what the server does not have yet in the browser's storage, so that a reload, a crash or a server that is
 * away loses nothing. Storage that is full or forbidden only costs this second safety net.
 */
export class Drafts {
  readonly #store: () => Store;

  /** @param store asked each time, because a browser that forbids storage throws when it is asked */
  constructor(store: () => Store) {
    this.#store = store;
  }

  read(id: string): Draft | null {
    try {
      const text = this.#store().getItem(key(id));
      if (text === null) return null;
      const parsed = draft.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  }

  write(id: string, value: Draft): void {
    try {
      this.#store().setItem(key(id), JSON.stringify(value));
    } catch {
      // See above: the queue goes on saving to the server.
    }
  }

  remove(id: string): void {
    try {
      this.#store().removeItem(key(id));
    } catch {
      // See above.
    }
  }
}

function key(id: string): string {
  return `timestream.draft.${id}`;
}
