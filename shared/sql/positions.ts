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
