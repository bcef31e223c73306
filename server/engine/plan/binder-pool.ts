import { setImmediate } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import type { Binder } from './binder.ts';

/** What a Binder does, by whoever does it. */
export type Binding = Pick<Binder, 'bind' | 'logicalPlan' | 'serializedPlan' | 'constant' | 'functionKinds'>;

/** None of them is that long about a query, so all are about one that can't be stopped. */
const WAITING_MS = 20_000;

export interface SpareBinders {
  readonly open: () => Promise<Binder>;
  /** Each that can't be stopped holds one of node's worker threads (see tools/threads.cjs). */
  readonly most: number;
}

/**
 * Some binders, of which each binds one query at a time: DuckDB can't be stopped within a function of constants, and
 * whoever asked for one keeps others from theirs only.
 */
export class BinderPool implements Binding {
  /** The first that is free is taken: it mostly holds the tables that the query reads. */
  readonly #free: Binder[];
  readonly #order: Binder[];
  readonly #spare: SpareBinders | undefined;
  #spares = 0;
  readonly #waiting: ((binder: Binder) => void)[] = [];

  /** @param spare stand in for those that are at it still when their query is given up */
  constructor(binders: readonly Binder[], spare?: SpareBinders) {
    this.#order = [...binders];
    this.#spare = spare;
    this.#free = [...binders];
  }

  /** @throws as Binder.bind */
  async bind(...input: Parameters<Binder['bind']>): ReturnType<Binder['bind']> {
    return this.#with((binder) => binder.bind(...input));
  }

  /** @throws as Binder.bind */
  async logicalPlan(...input: Parameters<Binder['logicalPlan']>): Promise<string> {
    return this.#with((binder) => binder.logicalPlan(...input));
  }

  /** @throws as Binder.bind */
  async serializedPlan(...input: Parameters<Binder['serializedPlan']>): Promise<string> {
    return this.#with((binder) => binder.serializedPlan(...input));
  }

  /** @throws as Binder.bind */
  async constant(...input: Parameters<Binder['constant']>): Promise<string | null> {
    return this.#with((binder) => binder.constant(...input));
  }

  /** @throws as Binder.bind */
  async functionKinds(): ReturnType<Binder['functionKinds']> {
    return this.#with((binder) => binder.functionKinds());
  }

  async #with<T>(work: (binder: Binder) => Promise<T>): Promise<T> {
    const binder = this.#free.shift() ?? (await this.#next());
    try {
      return await work(binder);
    } finally {
      void this.#leave(binder);
    }
  }

  /** One whose query was given up is at it still, and may be for as long as it likes. */
  async #leave(binder: Binder): Promise<void> {
    const idle = binder.idle().then(() => {
      this.#giveBack(binder);
      return true;
    });
    const spare = this.#spare;
    if ((await Promise.race([idle, setImmediate(false)])) || spare === undefined) return;
    if (this.#spares >= spare.most) return;
    this.#spares++;
    try {
      const another = await spare.open();
      this.#order.push(another);
      this.#giveBack(another);
    } catch {
      this.#spares--;
    }
  }

  #giveBack(binder: Binder): void {
    const next = this.#waiting.shift();
    if (next !== undefined) return next(binder);
    this.#free.push(binder);
    this.#free.sort((a, b) => this.#order.indexOf(a) - this.#order.indexOf(b));
  }

  #next(): Promise<Binder> {
    return new Promise((resolve, reject) => {
      const enter = (binder: Binder) => {
        clearTimeout(timer);
        resolve(binder);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(
          new AppError(
            'TIMEOUT',
            'The server is busy planning other queries. Run this one again in a moment.',
          ),
        );
      }, WAITING_MS);
      this.#waiting.push(enter);
    });
  }
}
