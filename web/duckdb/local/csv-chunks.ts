/** How records and values of a CSV file are told apart; null where there is no such character. */
export interface CsvMarks {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly escape: string | null;
}

/** Whole records of a file. */
export interface CsvChunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the file that come before it. */
  readonly linesBefore: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * A file in pieces that end where a record does, which a newline in quotes does not say. A record that is longer than
 * `size` is a piece of its own.
 *
 * @param size bytes that a piece should have about
 */
export async function* csvChunks(
  source: AsyncIterable<Uint8Array>,
  marks: CsvMarks,
  size: number,
): AsyncGenerator<CsvChunk> {
  const scan = new RecordScan(marks);
  let held: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let linesBefore = 0;
  for await (const piece of source) {
    const joined = new Uint8Array(held.length + piece.length);
    joined.set(held);
    joined.set(piece, held.length);
    scan.read(joined, held.length);
    held = joined;
    if (held.length < size || scan.end === 0) continue;
    yield { bytes: held.slice(0, scan.end), linesBefore };
    linesBefore += scan.linesToEnd;
    held = held.slice(scan.end);
    scan.cut();
  }
  if (held.length > 0) yield { bytes: held, linesBefore };
}

/** Finds the end of the last whole record of bytes that grow at their end. */
class RecordScan {
  /** Bytes up to there are whole records. */
  end = 0;
  /** Lines of these. */
  linesToEnd = 0;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  #lines = 0;
  #at = 0;
  #quoted = false;
  #atStart = true;
  /** In quotes, behind a quote that may be the last one or stand for itself, or behind an escape. */
  #pending: 'none' | 'quote' | 'escape' = 'none';

  constructor({ delimiter, quote, escape }: CsvMarks) {
    this.#delimiter = delimiter.charCodeAt(delimiter.length - 1);
    this.#quote = quote === null ? -1 : quote.charCodeAt(0);
    this.#escape = escape === null || escape === quote ? -1 : escape.charCodeAt(0);
  }

  read(bytes: Uint8Array, from: number): void {
    for (this.#at = from; this.#at < bytes.length; this.#at += 1) this.#byte(bytes[this.#at] ?? 0);
  }

  cut(): void {
    this.#lines -= this.linesToEnd;
    this.end = 0;
    this.linesToEnd = 0;
  }

  #byte(byte: number): void {
    if (byte === NEWLINE) this.#lines += 1;
    if (this.#quoted && this.#inQuotes(byte)) return;
    if (byte === this.#quote && this.#atStart) {
      this.#quoted = true;
      this.#atStart = false;
    } else if (byte === NEWLINE) {
      this.end = this.#at + 1;
      this.linesToEnd = this.#lines;
      this.#atStart = true;
    } else this.#atStart = byte === this.#delimiter || (this.#atStart && byte === RETURN);
  }

  /** False where the quotes ended before this byte. */
  #inQuotes(byte: number): boolean {
    const pending = this.#pending;
    this.#pending = 'none';
    if (pending === 'escape') return true;
    if (pending === 'quote') {
      if (byte === this.#quote) return true;
      this.#quoted = false;
      return false;
    }
    if (byte === this.#escape) this.#pending = 'escape';
    else if (byte === this.#quote) this.#pending = 'quote';
    return true;
  }
}
