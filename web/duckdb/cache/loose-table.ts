import { blockColumn } from '../engine/arrow-block.ts';
import type { Engine } from '../engine/engine.ts';
import type { Chunk } from '../parquet/decode-protocol.ts';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import { columnName, type Segment } from './column-cache.ts';
import { bytesOf, type RowsTarget, type TableTarget } from './table-target.ts';

/**
 * Rows that lie in the engine's memory as they came, and are put into their table later: a query can read them where
 * they lie. What does not fit the limit goes into the table at once, and what came before with it.
 */
export class LooseTable implements RowsTarget {
  readonly columns: Segment['columns'];
  readonly #engine: Pick<Engine, 'keep' | 'free'>;
  readonly #target: TableTarget;
  readonly #hasRoom: (bytes: number) => boolean;
  readonly #blockRows: number;
  /** Not given to the engine yet. */
  #batches: FlatBatch[] = [];
  #blocks: readonly number[] = [];
  #bytes = 0;
  /** Blocks that the table has. */
  #inserted = 0;
  #readers = 0;
  #state: 'loose' | 'settling' | 'settled' | 'dropped' = 'loose';
  /** Who waits for the table. */
  #waiting = 0;
  #working: Promise<void> | null = null;

  /** @param blockRows rows that are put into one block, if they can */
  constructor(
    engine: Pick<Engine, 'keep' | 'free'>,
    target: TableTarget,
    columns: Segment['columns'],
    hasRoom: (bytes: number) => boolean,
    blockRows: number,
  ) {
    this.#engine = engine;
    this.#target = target;
    this.columns = columns;
    this.#hasRoom = hasRoom;
    this.#blockRows = blockRows;
  }

  get name(): string {
    return this.#target.table;
  }

  /** That the engine keeps. */
  get bytes(): number {
    return this.#bytes;
  }

  get blocks(): readonly number[] {
    return this.#blocks;
  }

  get isSettled(): boolean {
    return this.#state === 'settled' || this.#state === 'dropped';
  }

  async add(content: Chunk): Promise<void> {
    const fits =
      this.#state === 'loose' && !(content instanceof Uint8Array) && this.#hasRoom(bytesOf(content));
    if (!fits) {
      await this.finish();
      await this.settle();
      await this.#target.add(content);
      return;
    }
    this.#bytes += bytesOf(content);
    this.#batches.push(...content);
    if (this.#batches.reduce((sum, { rows }) => sum + rows, 0) >= this.#blockRows) await this.finish();
  }

  async finish(): Promise<void> {
    const batches = this.#batches;
    this.#batches = [];
    if (batches.length === 0 || this.isSettled) return;
    const blocks = await this.#engine.keep(batches);
    this.#blocks = [...this.#blocks, ...blocks];
    if (this.isSettled) this.#free();
  }

  /** Puts all of it into its table, for who waits. @throws as TableTarget.add */
  async settle(): Promise<void> {
    this.#waiting += 1;
    try {
      while (!this.isSettled) await this.work(() => false);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The same in steps, until something else wants the engine and nobody waits. */
  work(isBusy: () => boolean): Promise<void> {
    return (this.#working ??= this.#insert(isBusy).finally(() => (this.#working = null)));
  }

  /** Blocks stay as they are until the result is called, once. */
  hold(): () => void {
    this.#readers += 1;
    return () => {
      this.#readers -= 1;
      if (this.isSettled) this.#free();
    };
  }

  /** The rows as SQL over views of the blocks, as the table would give them. */
  source(views: readonly string[]): string {
    const list = [...this.columns]
      .flatMap(([id, column]) => (column === null ? [] : [{ id, type: column.sqlType }]))
      .map(({ id, type }, index) => `CAST(${blockColumn(index)} AS ${type}) AS ${columnName(id)}`);
    const selects = views.map((view) => `SELECT ${list.join(', ')} FROM ${view}`);
    return `(${selects.join(' UNION ALL ')}) AS ${this.name}`;
  }

  async drop(): Promise<void> {
    this.#state = 'dropped';
    this.#free();
    // Which may be on its way.
    await this.#target.drop();
  }

  async #insert(isBusy: () => boolean): Promise<void> {
    if (this.#state === 'loose') {
      await this.#target.create();
      if (this.#state === 'loose') this.#state = 'settling';
    }
    while (this.#state === 'settling' && this.#inserted < this.#blocks.length) {
      if (this.#waiting === 0 && isBusy()) return;
      // One at a time, as a query that comes meanwhile has to wait for it.
      await this.#target.addKept(this.#blocks.slice(this.#inserted, this.#inserted + 1));
      this.#inserted += 1;
    }
    if (this.#state !== 'settling') return;
    this.#state = 'settled';
    this.#free();
  }

  #free(): void {
    if (this.#readers > 0 || this.#blocks.length === 0) return;
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#bytes = 0;
    // An engine that has ended has nothing to free.
    this.#engine.free(blocks).catch(() => undefined);
  }
}
