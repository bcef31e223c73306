import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import type { Span } from './token-cursor.ts';

interface Piece {
  readonly at: number;
  readonly length: number;
  /** Where it stands in the statement; what was put in stands nowhere, and counts as what comes next to it. */
  readonly from: Span | null;
}

/** A query made of parts of a statement and of text between; places in it are places in the statement. */
export class ComposedSql {
  readonly #original: string;
  readonly #pieces: Piece[] = [];
  #sql = '';

  constructor(original: string) {
    this.#original = original;
  }

  get sql(): string {
    return this.#sql;
  }

  /** Text, and parts of the statement, in order. */
  add(...parts: readonly (string | Span)[]): this {
    for (const part of parts) {
      const text = typeof part === 'string' ? part : this.#original.slice(part.start, part.end);
      this.#pieces.push({
        at: this.#sql.length,
        length: text.length,
        from: typeof part === 'string' ? null : part,
      });
      this.#sql += text;
    }
    return this;
  }

  toOriginal(offset: number): number {
    const index = this.#pieces.findLastIndex(({ at }) => at <= offset);
    const piece = this.#pieces[index];
    if (piece?.from !== null && piece !== undefined)
      return Math.min(piece.from.start + offset - piece.at, piece.from.end);
    const next = this.#pieces.slice(index + 1).find(({ from }) => from !== null)?.from;
    return next?.start ?? this.#pieces.findLast(({ from }) => from !== null)?.from?.start ?? 0;
  }

  /** The error with its place in the statement, where it says one in the query. */
  placed(error: unknown): unknown {
    if (!(error instanceof AppError) || typeof error.context['position'] !== 'number') return error;
    const position = this.toOriginal(error.context['position']);
    return new AppError(error.code, error.message.replace(/ \(line \d+, column \d+\)/, ''), {
      context: { ...error.context, position, ...lineColumn(this.#original, position) },
      cause: error.cause,
    });
  }
}
