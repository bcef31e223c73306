import { isAppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import type { NotebookDocument } from './document.ts';
import type { Drafts } from './drafts.ts';

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'saving' }
  /** The server can't be reached, or refuses this browser; what is typed is kept here and tried again. */
  | { readonly kind: 'offline'; readonly error: unknown }
  /** Somebody else saved; nothing more is sent until both are merged. */
  | { readonly kind: 'conflict' }
  /** The server said no for good; typing on tries again. */
  | { readonly kind: 'failed'; readonly error: unknown };

interface SaveQueueOptions {
  readonly id: string;
  /** Resolves to the new version. */
  readonly save: (document: NotebookDocument, version: number) => Promise<number>;
  readonly drafts: Drafts;
  readonly onState: (state: SaveState) => void;
  /** Milliseconds of quiet before a save. */
  readonly quietMs?: number;
  readonly retryMs?: number;
  /** What the server had when the draft began; kept with the draft, for merging. */
  readonly baseOf?: () => NotebookDocument | undefined;
}

/** Version of a draft that no version of the server's equals. */
const CONFLICTING = -1;
/** Errors that pass without the notebook being changed, though the same call may fail for long. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'UNAUTHENTICATED']);
const LONGEST_RETRY_MS = 30_000;

/** Saves the newest document, one request at a time, each starting from the version that the last one made. */
export class SaveQueue {
  readonly #options: Required<SaveQueueOptions>;
  #version: number;
  #pending: NotebookDocument | null = null;
  #sending = false;
  #stopped = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: SaveState = { kind: 'saved' };

  constructor(version: number, options: SaveQueueOptions) {
    this.#version = version;
    this.#options = { quietMs: 600, retryMs: 2000, baseOf: () => undefined, ...options };
  }

  get version(): number {
    return this.#version;
  }

  get state(): SaveState {
    return this.#state;
  }

  push(document: NotebookDocument): void {
    if (this.#stopped) return;
    this.#pending = document;
    // In a conflict the draft is marked, so that a reload finds the conflict again.
    if (this.#state.kind === 'conflict') {
      this.#keep(document, CONFLICTING);
      return;
    }
    this.#keep(document, this.#version);
    if (!this.#sending) {
      this.#enter({ kind: 'waiting' });
      this.#schedule(this.#options.quietMs);
    }
  }

  /** Sends now what is waiting: before leaving the page, and when the connection is back. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#pending === null || this.#sending || this.#stopped || this.#state.kind === 'conflict') return;
    const document = this.#pending;
    this.#pending = null;
    this.#sending = true;
    this.#enter({ kind: 'saving' });
    try {
      this.#version = await this.#options.save(document, this.#version);
      this.#sending = false;
      this.#failures = 0;
      this.#saved();
    } catch (error) {
      this.#sending = false;
      this.#pending ??= document;
      this.#refused(error);
    }
  }

  /** Where nothing is waiting: the next save starts from `version`. */
  rebase(version: number): void {
    this.#version = version;
  }

  /** After a conflict was merged: the next save starts from `version`. */
  resolve(version: number): void {
    this.#version = version;
    this.#pending = null;
    this.#options.drafts.remove(this.#options.id);
    this.#enter({ kind: 'saved' });
  }

  /** Ends the queue; the draft stays where something was not saved. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #saved(): void {
    if (this.#stopped) return;
    if (this.#pending === null) {
      this.#options.drafts.remove(this.#options.id);
      this.#enter({ kind: 'saved' });
      return;
    }
    // Typed on while it was sent: the draft now starts from the version just made.
    this.#keep(this.#pending, this.#version);
    this.#enter({ kind: 'waiting' });
    this.#schedule(this.#options.quietMs);
  }

  #refused(error: unknown): void {
    if (this.#stopped) return;
    if (isAppError(error, 'VERSION_CONFLICT')) {
      this.#enter({ kind: 'conflict' });
    } else if (isAppError(error) && !error.retryable && !PASSING.has(error.code)) {
      this.#enter({ kind: 'failed', error });
    } else {
      this.#failures += 1;
      this.#enter({ kind: 'offline', error });
      this.#schedule(Math.min(LONGEST_RETRY_MS, this.#options.retryMs * 2 ** (this.#failures - 1)));
    }
  }

  #keep(document: NotebookDocument, version: number): void {
    const base = this.#options.baseOf();
    this.#options.drafts.write(this.#options.id, {
      ...document,
      version,
      ...(base === undefined ? {} : { base }),
    });
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  #enter(state: SaveState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
