import { AppError } from '#shared/errors/app-error.ts';

/** Puts what several workers read of one file, each every how many-th of its row groups, into the file's order. */
export class RowGroupOrder<T> {
  readonly #waiting: { readonly piece: T; readonly rows: number }[][];
  readonly #next: (piece: T, rows: number) => void;
  #groups: readonly number[] = [];
  #at = -1;
  /** Rows of the group that is passed on which are still to come. */
  #left = 0;

  /** @param shares how many workers read  @param next called with each piece, in order */
  constructor(shares: number, next: (piece: T, rows: number) => void) {
    this.#waiting = Array.from({ length: shares }, () => []);
    this.#next = next;
  }

  /** @param groups rows of each row group that is read; to be told before any piece is added */
  opened(groups: readonly number[]): void {
    this.#groups = groups;
  }

  /**
   * @param share number of the worker: it reads the groups that have this number modulo the number of workers
   * @throws AppError INTERNAL where a piece has rows of two groups
   */
  add(share: number, piece: T, rows: number): void {
    this.#waiting[share]?.push({ piece, rows });
    while (this.#at < this.#groups.length) {
      if (this.#left === 0) {
        this.#at += 1;
        this.#left = this.#groups[this.#at] ?? 0;
        continue;
      }
      const first = this.#waiting[this.#at % this.#waiting.length]?.shift();
      if (!first) return;
      this.#left -= first.rows;
      if (this.#left < 0)
        throw new AppError('INTERNAL', 'Rows of a data file came in an order that is not its own.');
      this.#next(first.piece, first.rows);
    }
  }
}
