import { bitsOf, OFFSET_BYTES, type FlatBatch, type FlatColumn } from '../parquet/flat-batch.ts';

/** Batches one after the other, as one: what is written where of their buffers. */
export interface JoinedBatch {
  readonly rows: number;
  readonly columns: readonly FlatColumn[];
  /** Of all buffers. */
  readonly size: number;
  readonly pieces: readonly Piece[];
}

/** Bytes to copy; or offsets, of so many bytes, to which something is added. */
interface CopiedPiece {
  readonly at: number;
  readonly from: Uint8Array;
  readonly shift?: { readonly by: number; readonly width: number };
}

/** Bits to set from a bit of the bytes at `at` on; `from` is null where all are ones. */
interface BitPiece {
  readonly at: number;
  readonly from: Uint8Array | null;
  readonly bits: { readonly start: number; readonly count: number };
}

type Piece = CopiedPiece | BitPiece;

const LARGEST_SHORT_OFFSET = 2 ** 31 - 1;

/** Null where they can't be one: where their columns differ, or do not begin where their buffers do. */
export function joinBatches(batches: readonly FlatBatch[]): JoinedBatch | null {
  const [first, ...others] = batches;
  if (first === undefined) return null;
  if (others.length === 0)
    return { ...first, size: first.bytes.length, pieces: [{ at: 0, from: first.bytes }] };
  const joining = new Joining();
  const columns: FlatColumn[] = [];
  for (const index of first.columns.keys()) {
    const parts = batches.flatMap(({ rows, bytes, columns: all }) => {
      const column = all[index];
      return column ? [{ rows, bytes, column }] : [];
    });
    const column = parts.length === batches.length ? joining.column(parts) : null;
    if (column === null) return null;
    columns.push(column);
  }
  if (others.some(({ columns: all }) => all.length !== columns.length)) return null;
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return { rows, columns, size: joining.size, pieces: joining.pieces };
}

/** @param target of the batch's size */
export function writePieces({ pieces }: JoinedBatch, target: Uint8Array): void {
  for (const piece of pieces) {
    if ('bits' in piece) writeBits(target, piece);
    else if (piece.shift === undefined || piece.shift.by === 0) target.set(piece.from, piece.at);
    else writeOffsets(target, piece.at, piece.from, piece.shift);
  }
}

function writeBits(target: Uint8Array, { at, from, bits: { start, count } }: BitPiece): void {
  const shift = start % 8;
  for (let done = 0; done < count; done += 8) {
    const to = at + Math.floor((start + done) / 8);
    const left = count - done;
    const byte = (from?.[done / 8] ?? 255) & (left < 8 ? (1 << left) - 1 : 255);
    // What comes first of a byte is written first, and all of it.
    const before = shift === 0 ? 0 : (target[to] ?? 0) & ((1 << shift) - 1);
    target[to] = before | (byte << shift);
    if (shift + Math.min(8, left) > 8) target[to + 1] = byte >> (8 - shift);
  }
}

function writeOffsets(
  target: Uint8Array,
  at: number,
  from: Uint8Array,
  { by, width }: { readonly by: number; readonly width: number },
): void {
  const count = from.length / width;
  if (width === 4) {
    const source = new Int32Array(from.buffer, from.byteOffset, count);
    const to = new Int32Array(target.buffer, target.byteOffset + at, count);
    for (let index = 0; index < count; index += 1) to[index] = (source[index] ?? 0) + by;
  } else {
    const source = new BigInt64Array(from.buffer, from.byteOffset, count);
    const to = new DataView(target.buffer, target.byteOffset + at, from.length);
    for (let index = 0; index < count; index += 1)
      to.setBigInt64(8 * index, (source[index] ?? 0n) + BigInt(by), true);
  }
}

interface Part {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly column: FlatColumn;
}

class Joining {
  readonly pieces: Piece[] = [];
  size = 0;

  column(parts: readonly Part[]): FlatColumn | null {
    const { format, buffers } = parts[0]?.column ?? { format: '', buffers: [] };
    if (parts.some(({ column }) => column.format !== format || column.offset !== 0)) return null;
    if (buffers.length === 0) return { format, offset: 0, buffers: [] };
    const bits = bitsOf(format);
    const width = OFFSET_BYTES[format];
    if (bits === null && width === undefined) return null;
    const validity = this.#validity(parts);
    const rest = bits === null ? this.#texts(parts, width ?? 4) : this.#values(parts, bits);
    return rest === null ? null : { format, offset: 0, buffers: [validity, ...rest] };
  }

  #validity(parts: readonly Part[]): number | null {
    if (parts.every(({ column: { buffers } }) => buffers[0] === null)) return null;
    return this.#bitmap(parts, 0);
  }

  #bitmap(parts: readonly Part[], buffer: number): number {
    const at = this.size;
    let start = 0;
    for (const { rows, bytes, column } of parts) {
      const begin = column.buffers[buffer] ?? null;
      const from = begin === null ? null : bytes.subarray(begin, begin + Math.ceil(rows / 8));
      this.pieces.push({ at, from, bits: { start, count: rows } });
      start += rows;
    }
    this.size = at + Math.ceil(start / 64) * 8;
    return at;
  }

  #values(parts: readonly Part[], bits: number): readonly number[] | null {
    if (parts.some(({ column: { buffers } }) => (buffers[1] ?? null) === null)) return null;
    if (bits === 1) return [this.#bitmap(parts, 1)];
    const values = parts.map(({ rows, bytes, column: { buffers } }) => {
      const from = buffers[1] ?? 0;
      return { from: bytes.subarray(from, from + (rows * bits) / 8) };
    });
    return [this.#buffer(values)];
  }

  #texts(parts: readonly Part[], width: number): readonly number[] | null {
    const offsets: Omit<CopiedPiece, 'at'>[] = [];
    const data: Omit<CopiedPiece, 'at'>[] = [];
    let length = 0;
    for (const [number, { rows, bytes, column }] of parts.entries()) {
      const [, start = null, text = null] = column.buffers;
      if (start === null || text === null) return null;
      const view = new DataView(bytes.buffer, bytes.byteOffset + start);
      const offset = (row: number) =>
        width === 4 ? view.getInt32(4 * row, true) : Number(view.getBigInt64(8 * row, true));
      if (offset(0) !== 0) return null;
      // The last offset of one is the first of the next.
      const isLast = number === parts.length - 1;
      const end = start + width * (isLast ? rows + 1 : rows);
      offsets.push({ from: bytes.subarray(start, end), shift: { by: length, width } });
      data.push({ from: bytes.subarray(text, text + offset(rows)) });
      length += offset(rows);
    }
    if (width === 4 && length > LARGEST_SHORT_OFFSET) return null;
    return [this.#buffer(offsets), this.#buffer(data)];
  }

  /** One after the other, from a multiple of eight on. */
  #buffer(pieces: readonly Omit<CopiedPiece, 'at'>[]): number {
    const start = this.size;
    let at = start;
    for (const piece of pieces) {
      this.pieces.push({ ...piece, at });
      at += piece.from.length;
    }
    this.size = Math.ceil(at / 8) * 8;
    return start;
  }
}
