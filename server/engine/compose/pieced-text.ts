import type { ComposedPiece } from '#shared/contract/notebook-relations.ts';

/** SQL put together from texts of several cells, which remembers what of it is whose. */
export class PiecedText {
  sql = '';
  readonly pieces: ComposedPiece[] = [];

  /** Text of no cell. */
  put(text: string): void {
    this.sql += text;
  }

  /** Text that stands in a cell from `from` on. */
  own(cell: string, from: number, text: string): void {
    const start = this.sql.length;
    this.sql += text;
    if (text !== '') this.pieces.push({ start, end: this.sql.length, cell, from });
  }

  append(other: Pick<PiecedText, 'sql' | 'pieces'>): void {
    const by = this.sql.length;
    this.sql += other.sql;
    for (const piece of other.pieces)
      this.pieces.push({ ...piece, start: piece.start + by, end: piece.end + by });
  }
}
