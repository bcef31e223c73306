import duckdb from '@duckdb/node-bindings';

const STRING_BYTES = 16;
const POINTER_OFFSET = 8;

/**
 * Memory is mapped in pages of at least this size. Of two strings with fewer bytes between them, each of these
 * bytes shares a page with one of the two, so that reading across is safe.
 */
const PAGE_BYTES = 4096;
/** Memory that is read at once at most. */
const MAX_RUN_BYTES = 4 * 1024 * 1024;

interface Run {
  /** Addresses; below 2^47, so exact as numbers. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Strings of a vector that lie elsewhere in DuckDB's memory. A call into the engine costs more than the bytes of
 * a string; strings of a vector mostly lie side by side, so they are fetched together.
 */
export class LongStrings {
  readonly #words: Uint32Array;
  readonly #list: Uint32Array | null;
  readonly #runs: readonly Run[];
  #last = 0;

  /**
   * @param source the vector's string_t values
   * @param list where the value of a row is in the vector; null: at the row's own place
   * @param rows those with a long string
   */
  constructor(source: Uint8Array, list: Uint32Array | null, rows: Uint32Array) {
    this.#words = new Uint32Array(source.buffer, source.byteOffset, source.byteLength / 4);
    this.#list = list;
    this.#runs = this.#fetch(source, this.#inOrder(rows));
  }

  /** Bytes of a row's string: a view that is good while the chunk is. */
  bytes(row: number, length: number): Uint8Array {
    const address = this.#address(row);
    let run = this.#runs[this.#last];
    if (run === undefined || address < run.start || address + length > run.start + run.bytes.length)
      run = this.#find(address);
    const from = address - (run?.start ?? 0);
    return run === undefined ? new Uint8Array(0) : run.bytes.subarray(from, from + length);
  }

  #find(address: number): Run | undefined {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#runs[middle]?.start ?? 0) <= address) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return this.#runs[low];
  }

  #inOrder(rows: Uint32Array): Uint32Array {
    for (let index = 1; index < rows.length; index++) {
      if (this.#address(rows[index] ?? 0) < this.#address(rows[index - 1] ?? 0))
        return rows.slice().sort((a, b) => this.#address(a) - this.#address(b));
    }
    return rows;
  }

  /** @param rows by address */
  #fetch(source: Uint8Array, rows: Uint32Array): Run[] {
    const runs: Run[] = [];
    let first = -1;
    let start = 0;
    let end = 0;
    const finish = (): void => {
      if (first < 0) return;
      const at = source.byteOffset + this.#place(first) * STRING_BYTES + POINTER_OFFSET;
      runs.push({
        start,
        bytes: duckdb.get_data_from_pointer(source.buffer as ArrayBuffer, at, end - start),
      });
    };
    for (const row of rows) {
      const address = this.#address(row);
      const last = address + (this.#words[this.#place(row) * 4] ?? 0);
      if (first < 0 || address - end >= PAGE_BYTES || last - start > MAX_RUN_BYTES) {
        finish();
        first = row;
        start = address;
        end = last;
      } else end = Math.max(end, last);
    }
    finish();
    return runs;
  }

  #place(row: number): number {
    return this.#list === null ? row : (this.#list[row] ?? 0);
  }

  #address(row: number): number {
    const at = this.#place(row) * 4;
    return (this.#words[at + 3] ?? 0) * 2 ** 32 + (this.#words[at + 2] ?? 0);
  }
}
