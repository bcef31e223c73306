import { lastAtOrBefore } from '../util/last-at-or-before.ts';

export interface LineColumn {
  /** Both from 1; a column counts UTF-16 units, as editors do. */
  readonly line: number;
  readonly column: number;
}

/** Where the `count`th code point starts. DuckDB's parser counts these in its errors; its binder counts bytes. */
export function codePointOffset(text: string, count: number): number {
  let index = 0;
  for (let left = count; left > 0 && index < text.length; left -= 1)
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  return index;
}

/**
 * Where byte `byteOffset` of the UTF-8 form stands in the string. DuckDB counts bytes; JavaScript and editors
 * count UTF-16 units. An offset inside a character gives that character's start; one past the end, the length.
 */
export function utf16Offset(text: string, byteOffset: number): number {
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.codePointAt(index) ?? 0;
    const width = utf8Width(code);
    if (bytes + width > byteOffset) return index;
    bytes += width;
    index += code > 0xffff ? 2 : 1;
  }
  return text.length;
}

/** Bytes between two places that Utf16Offsets knows. */
const MARK_BYTES = 64;

/** utf16Offset for many places of one text, which is gone through once however many these are. */
export class Utf16Offsets {
  readonly #text: string;
  /** Where the last character begins at or before each multiple of MARK_BYTES. */
  readonly #marks: { readonly bytes: number; readonly index: number }[] = [];
  /** Where the marks end. */
  #bytes = 0;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @returns as utf16Offset */
  of(byteOffset: number): number {
    while (this.#index < this.#text.length && this.#bytes <= byteOffset) this.#step();
    const mark = this.#marks[Math.floor(byteOffset / MARK_BYTES)];
    if (mark === undefined) return this.#text.length;
    let { bytes, index } = mark;
    while (index < this.#text.length) {
      const code = this.#text.codePointAt(index) ?? 0;
      bytes += utf8Width(code);
      if (bytes > byteOffset) return index;
      index += code > 0xffff ? 2 : 1;
    }
    return index;
  }

  /** How many bytes of the UTF-8 form are before an offset, which is the start of a character. */
  bytesAt(offset: number): number {
    while (this.#index < Math.min(offset, this.#text.length)) this.#step();
    if (offset >= this.#index) return this.#bytes;
    let { bytes, index } = this.#marks[lastAtOrBefore(this.#marks, (mark) => mark.index, offset)] ?? {
      bytes: 0,
      index: 0,
    };
    while (index < offset) {
      const code = this.#text.codePointAt(index) ?? 0;
      bytes += utf8Width(code);
      index += code > 0xffff ? 2 : 1;
    }
    return bytes;
  }

  /** Over one character. */
  #step(): void {
    const [bytes, index] = [this.#bytes, this.#index];
    const code = this.#text.codePointAt(index) ?? 0;
    this.#bytes += utf8Width(code);
    this.#index += code > 0xffff ? 2 : 1;
    while (this.#marks.length * MARK_BYTES < this.#bytes) this.#marks.push({ bytes, index });
  }
}

export function lineColumn(text: string, offset: number): LineColumn {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

function utf8Width(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
