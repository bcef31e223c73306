import { expect, it } from 'vitest';
import { Utf16Offsets, utf16Offset } from './positions.ts';

const TEXTS = ['', 'a', 'é', '😀', `${'plain '.repeat(50)}é😀€${'😀'.repeat(70)}x${'é'.repeat(64)}`];

it.each(TEXTS)('finds a byte where utf16Offset does, in whatever order it is asked: %j', (text) => {
  const bytes = Array.from({ length: new TextEncoder().encode(text).length + 3 }, (_, byte) => byte);
  for (const order of [bytes, bytes.toReversed()]) {
    const offsets = new Utf16Offsets(text);
    for (const byte of order) expect(offsets.of(byte)).toBe(utf16Offset(text, byte));
  }
});

it.each(TEXTS)('counts the bytes before a character: %j', (text) => {
  const starts = Array.from(text).map((_, at, all) => all.slice(0, at).join('').length);
  for (const order of [
    [...starts, text.length],
    [text.length, ...starts.toReversed()],
  ]) {
    const offsets = new Utf16Offsets(text);
    for (const start of order)
      expect(offsets.bytesAt(start)).toBe(new TextEncoder().encode(text.slice(0, start)).length);
  }
});
