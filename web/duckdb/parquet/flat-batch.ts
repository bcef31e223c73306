/** Rows of columns that have no columns in them, as Arrow lays them out in memory. */
export interface FlatBatch {
  readonly rows: number;
  /** All buffers, each at a multiple of eight. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly columns: readonly FlatColumn[];
}

export interface FlatColumn {
  /** As Arrow's C data interface writes types. */
  readonly format: string;
  /** Rows that the buffers have before the first that counts. */
  readonly offset: number;
  /** Where in `bytes` its buffers begin: validity, then values, or offsets and what these point into; null for none. */
  readonly buffers: readonly (number | null)[];
}

/** Of arrays and schemas in 32-bit memory: https://arrow.apache.org/docs/format/CDataInterface.html */
export const ARRAY = { length: 0, nulls: 8, offset: 16, bufferCount: 24, childCount: 32 } as const;
export const ARRAY_POINTERS = { buffers: 40, children: 44, release: 52, bytes: 64 } as const;
export const SCHEMA = { format: 0, name: 4, flags: 16, childCount: 24 } as const;
export const SCHEMA_POINTERS = { children: 32, release: 40, bytes: 48 } as const;

/** Bits of a value, by Arrow's format. */
const FIXED_BITS: Readonly<Record<string, number>> = {
  b: 1,
  c: 8,
  C: 8,
  s: 16,
  S: 16,
  i: 32,
  I: 32,
  l: 64,
  L: 64,
  e: 16,
  f: 32,
  g: 64,
  tdD: 32,
  tdm: 64,
  tts: 32,
  ttm: 32,
  ttu: 64,
  ttn: 64,
};
/** Bytes of an offset, by the format of what is of varying length. */
export const OFFSET_BYTES: Readonly<Record<string, number>> = { u: 4, z: 4, U: 8, Z: 8 };

/** Bits of a value; null where its length varies, and for what is not known. @param format as Arrow writes types */
export function bitsOf(format: string): number | null {
  const fixed = FIXED_BITS[format];
  if (fixed !== undefined) return fixed;
  if (/^ts[smun]:/.test(format)) return 64;
  const [, digits, bits] = /^d:(\d+,-?\d+)(?:,(\d+))?$/.exec(format) ?? [];
  if (digits !== undefined) return Number(bits ?? 128);
  const bytes = /^w:(\d+)$/.exec(format)?.[1];
  return bytes === undefined ? null : Number(bytes) * 8;
}

/** Where Arrow's structs for a batch lie. */
export interface BatchAddress {
  readonly array: number;
  readonly schema: number;
}

interface Part {
  readonly from: number;
  readonly length: number;
}

/**
 * Copies a batch out of the memory in which it lies; null where one of its columns is of a kind that this can't.
 *
 * @param types DuckDB's, of its columns: some that come as integers are decimals
 */
export function copyFlatBatch(
  memory: ArrayBuffer,
  { array, schema }: BatchAddress,
  types: readonly string[],
): FlatBatch | null {
  const view = new DataView(memory);
  const number = (at: number) => view.getUint32(at, true);
  const child = (pointer: number, index: number) => number(number(pointer) + 4 * index);
  const parts: { readonly part: Part; readonly at: number }[] = [];
  const columns: FlatColumn[] = [];
  let total = 0;
  for (let index = 0; index < number(schema + SCHEMA.childCount); index += 1) {
    const ofArray = child(array + ARRAY_POINTERS.children, index);
    const format = textAt(memory, number(child(schema + SCHEMA_POINTERS.children, index) + SCHEMA.format));
    const found = partsOf(view, ofArray, format);
    if (found === null) return null;
    const buffers = found.map((part) => {
      if (part === null) return null;
      const at = total;
      parts.push({ part, at });
      total += Math.ceil(part.length / 8) * 8;
      return at;
    });
    const offset = number(ofArray + ARRAY.offset);
    columns.push({ format: narrowFormat(format, types[index] ?? ''), offset, buffers });
  }
  const bytes = new Uint8Array(total);
  for (const { part, at } of parts) bytes.set(new Uint8Array(memory, part.from, part.length), at);
  return { rows: number(array + ARRAY.length), bytes, columns };
}

/** The buffers of one column; null for one that is not there, and in place of all for a format that is not known. */
function partsOf(view: DataView, array: number, format: string): readonly (Part | null)[] | null {
  // Sizes are below 2³².
  const number = (at: number) => view.getUint32(at, true);
  const buffer = (index: number) => number(number(array + ARRAY_POINTERS.buffers) + 4 * index);
  const values = number(array + ARRAY.offset) + number(array + ARRAY.length);
  if (format === 'n') return [];
  const from = number(array + ARRAY.nulls) === 0 ? 0 : buffer(0);
  const validity = from === 0 ? null : { from, length: Math.ceil(values / 8) };
  const bits = bitsOf(format);
  if (bits !== null) return [validity, { from: buffer(1), length: Math.ceil((values * bits) / 8) }];
  const width = OFFSET_BYTES[format];
  if (width === undefined) return null;
  const offsets = { from: buffer(1), length: width * (values + 1) };
  return [validity, offsets, { from: buffer(2), length: number(offsets.from + width * values) }];
}

/** Integers that are decimals, as such. */
function narrowFormat(format: string, type: string): string {
  const digits = format === 'i' || format === 'l' ? /^DECIMAL\((\d+,\d+)\)$/.exec(type)?.[1] : undefined;
  return digits === undefined ? format : `d:${digits},${bitsOf(format)}`;
}

function textAt(memory: ArrayBuffer, at: number): string {
  const bytes = new Uint8Array(memory, at);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}
