/** The first `width` code points of a text. */
export function textPrefix(text: string, width: number): string {
  let end = 0;
  for (let points = 0; points < width && end < text.length; points += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/**
 * A short text that is not below any text that begins with `text`'s first `width` code points: that prefix,
 * with its last code point that can grow made one larger.
 *
 * @returns the text itself where it is short enough; null where no code point can grow
 */
export function textUpperBound(text: string, width: number): string | null {
  const prefix = textPrefix(text, width);
  if (prefix.length === text.length) return text;
  const points = Array.from(prefix, (char) => char.codePointAt(0) ?? 0);
  for (let at = points.length - 1; at >= 0; at -= 1) {
    const next = nextCodePoint(points[at] ?? 0);
    if (next !== null) return String.fromCodePoint(...points.slice(0, at), next);
  }
  return null;
}

/** Surrogates are no code points of their own, so they are stepped over. */
function nextCodePoint(point: number): number | null {
  if (point === 0x10ffff) return null;
  return point === 0xd7ff ? 0xe000 : point + 1;
}

/** As textUpperBound, for bytes. */
export function bytesUpperBound(bytes: Uint8Array, width: number): Uint8Array | null {
  if (bytes.length <= width) return bytes;
  const prefix = Uint8Array.from(bytes.subarray(0, width));
  for (let at = prefix.length - 1; at >= 0; at -= 1) {
    const byte = prefix[at] ?? 0xff;
    if (byte === 0xff) continue;
    const bound = prefix.slice(0, at + 1);
    bound[at] = byte + 1;
    return bound;
  }
  return null;
}
