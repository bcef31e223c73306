/**
 * Positions that share all but their lowest 16 bits, as Roaring bitmaps hold them: sorted values, one bit for
 * each of 65,536, or runs as pairs of the first value and how many follow it.
 */
export type Container =
  | { readonly kind: 'array'; readonly values: Uint16Array }
  | { readonly kind: 'bitmap'; readonly words: Uint32Array; readonly size: number }
  | { readonly kind: 'run'; readonly pairs: Uint16Array; readonly size: number };

/** A sorted array of more values would be larger than a bitmap. */
export const MAX_ARRAY = 4096;
export const BITMAP_WORDS = 2048;

export function sizeOf(container: Container): number {
  return container.kind === 'array' ? container.values.length : container.size;
}

export function contains(container: Container, value: number): boolean {
  switch (container.kind) {
    case 'bitmap':
      return (((container.words[value >>> 5] ?? 0) >>> (value & 31)) & 1) === 1;
    case 'array':
      return container.values[lastAtMost(container.values, 1, value)] === value;
    case 'run': {
      const at = lastAtMost(container.pairs, 2, value) * 2;
      return at >= 0 && value - (container.pairs[at] ?? 0) <= (container.pairs[at + 1] ?? 0);
    }
  }
}

/** Which item of a sorted list, of which every `stride`th number is a key, is the last not above a value; or -1. */
function lastAtMost(list: Uint16Array, stride: number, value: number): number {
  let low = 0;
  let high = list.length / stride;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle * stride] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Values in ascending order. */
export function* valuesOf(container: Container): Generator<number> {
  if (container.kind === 'array') {
    yield* container.values;
    return;
  }
  for (const [first, last] of runsOf(container))
    for (let value = first; value <= last; value += 1) yield value;
}

/** Stretches of consecutive values, ascending, both ends included; as long as can be. */
export function* runsOf(container: Container): Generator<readonly [first: number, last: number]> {
  let first = -1;
  let last = -2;
  for (const [from, to] of pieces(container)) {
    if (from !== last + 1) {
      if (first >= 0) yield [first, last];
      first = from;
    }
    last = to;
  }
  if (first >= 0) yield [first, last];
}

function* pieces(container: Container): Generator<readonly [first: number, last: number]> {
  switch (container.kind) {
    case 'array':
      for (const value of container.values) yield [value, value];
      return;
    case 'run':
      for (let at = 0; at < container.pairs.length; at += 2) {
        const first = container.pairs[at] ?? 0;
        yield [first, first + (container.pairs[at + 1] ?? 0)];
      }
      return;
    case 'bitmap':
      for (const [index, word] of container.words.entries()) {
        if (word === 0xffffffff) yield [index * 32, index * 32 + 31];
        else
          for (let rest = word; rest !== 0; rest &= rest - 1) {
            const value = index * 32 + 31 - Math.clz32(rest & -rest);
            yield [value, value];
          }
      }
  }
}

/** @param values in any order, also more than once */
export function containerOf(values: Uint16Array): Container {
  if (values.length > MAX_ARRAY) {
    const words = new Uint32Array(BITMAP_WORDS);
    for (const value of values) setBit(words, value);
    return containerOfBits(words);
  }
  const sorted = values.toSorted();
  let size = 0;
  for (const value of sorted) if (size === 0 || value !== sorted[size - 1]) sorted[size++] = value;
  return { kind: 'array', values: sorted.slice(0, size) };
}

export function containerOfBits(words: Uint32Array): Container {
  const bitmap = { kind: 'bitmap', words, size: countBits(words) } as const;
  return bitmap.size > MAX_ARRAY ? bitmap : { kind: 'array', values: Uint16Array.from(valuesOf(bitmap)) };
}

export function union(a: Container, b: Container): Container {
  if (a.kind === 'array' && b.kind === 'array' && a.values.length + b.values.length <= MAX_ARRAY) {
    const values = new Uint16Array(a.values.length + b.values.length);
    values.set(a.values);
    values.set(b.values, a.values.length);
    return containerOf(values);
  }
  const words = new Uint32Array(BITMAP_WORDS);
  for (const container of [a, b]) {
    if (container.kind === 'bitmap')
      for (let at = 0; at < BITMAP_WORDS; at += 1) orWord(words, at, container.words[at]);
    else for (const value of valuesOf(container)) setBit(words, value);
  }
  return containerOfBits(words);
}

export function setBit(words: Uint32Array, value: number): void {
  orWord(words, value >>> 5, 1 << (value & 31));
}

function orWord(words: Uint32Array, at: number, bits: number | undefined): void {
  words[at] = (words[at] ?? 0) | (bits ?? 0);
}

export function countBits(words: Uint32Array): number {
  let count = 0;
  for (const word of words) {
    let bits = word - ((word >>> 1) & 0x55555555);
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
