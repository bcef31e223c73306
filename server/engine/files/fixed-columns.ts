import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { childFields } from '#shared/iceberg/schema.ts';
import { isPrimitive, parsePrimitive, type NestedField } from '#shared/iceberg/types.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';
import { fixedChunk, type FixedChunk, type Levels } from './fixed-pages.ts';
import { readFooterBytes } from './footer-bytes.ts';
import { ThriftCursor } from '#shared/parquet/thrift-cursor.ts';
import { ThriftStruct } from '#shared/parquet/thrift-struct.ts';

/*
 * DuckDB has no type for bytes of a fixed length and writes byte arrays, each with its length before it. Iceberg's
 * spec maps fixed[n] to Parquet's fixed_len_byte_array(n), and PyIceberg takes anything else for `binary`. So the
 * pages of such columns are put down anew, and what comes after them moves.
 *
 * Numbers of fields are those of parquet.thrift.
 */

/** FileMetaData: its schema, and of its row groups the columns with their ColumnMetaData. */
const FILE = { 2: {}, 4: { 1: { 3: {} } } };
const BYTE_ARRAY = 6;
const FIXED_LEN_BYTE_ARRAY = 7;
const UNCOMPRESSED = 0;
const COPIED_AT_ONCE = 8 * 2 ** 20;
/** What COPY may compress with, so that its pages can be read here. */
const CODECS = /^COMPRESSION (zstd|gzip|uncompressed)$/i;

interface Leaf {
  readonly length: number | undefined;
  readonly levels: Levels;
}

/** One column of one row group that gets other pages. */
interface Fixed {
  readonly meta: ThriftStruct;
  readonly leaf: Leaf & { readonly length: number };
  readonly start: number;
  readonly end: number;
}

/** How far what stands behind `end` moves. */
interface Shift {
  readonly end: number;
  readonly by: number;
}

/** Lengths of the columns of fixed[n], also nested, by field id. */
export function fixedLengths(fields: readonly NestedField[]): ReadonlyMap<number, number> {
  const lengths = new Map<number, number>();
  const collect = ({ id, type }: NestedField) => {
    const primitive = isPrimitive(type) ? parsePrimitive(type) : undefined;
    if (primitive?.kind === 'fixed') lengths.set(id, primitive.length);
    for (const child of childFields(type)) collect(child);
  };
  for (const field of fields) collect(field);
  return lengths;
}

/** Options of a COPY whose file is made one with columns of fixed length. Without any it compresses with Snappy. */
export function fixedColumnOptions(options: readonly string[]): readonly string[] {
  const isReadable = options.some((option) => CODECS.test(option));
  if (isReadable) return options;
  return [...options.filter((option) => !option.startsWith('COMPRESSION ')), 'COMPRESSION zstd'];
}

/**
 * Makes byte arrays of a Parquet file that DuckDB has just written arrays of fixed length, by field id. A file in
 * which a value has another length stays as it is: who checks the rows says so.
 *
 * @param lengths in bytes; see fixedLengths
 * @returns the file's size in bytes; undefined where it stays as it is
 * @throws CORRUPT_FILE, STORAGE_FULL, INTERNAL for pages that DuckDB does not write
 */
export async function fixColumns(
  path: string,
  lengths: ReadonlyMap<number, number>,
): Promise<number | undefined> {
  const footer = await readFooterBytes(path, ({ bytes, start }) => ({
    file: ThriftStruct.read(new ThriftCursor(bytes), FILE),
    start,
  }));
  if (footer === null) return undefined;
  const { file, start } = footer;
  const leaves = fixLeaves(file.structs(2), lengths);
  const temporary = `${path}.fixed`;
  try {
    const fixed = await withFiles(path, temporary, async (from, to) => {
      const shifts = await copyChunks(from, to, fixedOf(file, leaves), start);
      if (shifts === null) return false;
      moveOffsets(file, leaves, shifts);
      const end = Buffer.from(file.bytes());
      const tail = Buffer.alloc(8, '\0\0\0\0PAR1', 'latin1');
      tail.writeUInt32LE(end.length);
      await to.writeFile(Buffer.concat([end, tail]));
      return true;
    });
    if (!fixed) return undefined;
    await rename(temporary, path);
    return (await stat(path)).size;
  } catch (error) {
    throw runtimeError(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function withFiles<T>(
  path: string,
  made: string,
  work: (from: FileHandle, to: FileHandle) => Promise<T>,
): Promise<T> {
  const from = await open(path);
  try {
    const to = await open(made, 'w');
    try {
      return await work(from, to);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** The columns that have no parts, in the order of the chunks of a row group. @param elements SchemaElements, changed */
function fixLeaves(elements: readonly ThriftStruct[], lengths: ReadonlyMap<number, number>): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let at = 0;
  const walk = (above: Levels): void => {
    const element = elements[at++];
    if (element === undefined) return;
    // FieldRepetitionType; the root has none.
    const kind = element.int(3) ?? 0;
    const levels = {
      definition: above.definition + Number(kind > 0),
      repetition: above.repetition + Number(kind === 2),
    };
    const children = element.int(5) ?? 0;
    for (let child = 0; child < children; child += 1) walk(levels);
    if (children > 0) return;
    const length = element.int(1) === BYTE_ARRAY ? lengths.get(element.int(9) ?? -1) : undefined;
    if (length !== undefined) {
      element.setInt(1, FIXED_LEN_BYTE_ARRAY, 5);
      element.setInt(2, length, 5);
    }
    leaves.push({ length, levels });
  };
  walk({ definition: 0, repetition: 0 });
  return leaves;
}

function fixedOf(file: ThriftStruct, leaves: readonly Leaf[]): readonly Fixed[] {
  const found: Fixed[] = [];
  for (const group of file.structs(4)) {
    for (const [index, column] of group.structs(1).entries()) {
      const leaf = leaves[index];
      const meta = column.struct(3);
      if (leaf?.length === undefined || meta === undefined) continue;
      const start = Math.min(...[9, 11].map((page) => meta.int(page) ?? 0).filter((page) => page > 0));
      found.push({ meta, leaf: { ...leaf, length: leaf.length }, start, end: start + (meta.int(7) ?? 0) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** @returns null where a value has another length */
async function copyChunks(
  from: FileHandle,
  to: FileHandle,
  chunks: readonly Fixed[],
  footerAt: number,
): Promise<readonly Shift[] | null> {
  const shifts: Shift[] = [];
  let read = 0;
  let written = 0;
  for (const { meta, leaf, start, end } of chunks) {
    await copyBytes(from, to, read, start);
    written += start - read;
    const bytes = new Uint8Array(end - start);
    await from.read(bytes, 0, bytes.length, start);
    const chunk = fixedChunk({ bytes, codec: meta.int(4) ?? UNCOMPRESSED, levels: leaf.levels }, leaf.length);
    if (chunk === null) return null;
    await to.writeFile(chunk.bytes);
    describeChunk(meta, chunk, written);
    read = end;
    written += chunk.bytes.length;
    shifts.push({ end, by: written - read });
  }
  await copyBytes(from, to, read, footerAt);
  return shifts;
}

/** @param at where the chunk begins now */
function describeChunk(meta: ThriftStruct, { bytes, dataAt, dictionaryAt }: FixedChunk, at: number): void {
  meta.setInt(1, FIXED_LEN_BYTE_ARRAY);
  meta.setInt(4, UNCOMPRESSED);
  meta.setInt(6, bytes.length);
  meta.setInt(7, bytes.length);
  meta.setInt(9, at + dataAt);
  if (dictionaryAt === undefined) meta.drop(11);
  else meta.setInt(11, at + dictionaryAt);
  // SizeStatistics, which count the bytes of byte arrays.
  meta.drop(16);
}

async function copyBytes(from: FileHandle, to: FileHandle, start: number, end: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(COPIED_AT_ONCE, end - start));
  for (let at = start; at < end;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) return;
    await to.writeFile(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** Tells the footer where everything is now. */
function moveOffsets(file: ThriftStruct, leaves: readonly Leaf[], shifts: readonly Shift[]): void {
  const move = (part: ThriftStruct, fields: readonly number[]) => {
    for (const field of fields) {
      const offset = part.int(field) ?? 0;
      const by = shifts.findLast(({ end }) => end <= offset)?.by ?? 0;
      if (offset > 0 && by !== 0) part.setInt(field, offset + by);
    }
  };
  for (const group of file.structs(4)) {
    let [whole, packed] = [0, 0];
    for (const [index, column] of group.structs(1).entries()) {
      const meta = column.struct(3);
      if (meta === undefined) continue;
      // Pages, and the filters that come behind all of them; those of fixed length know their pages already.
      move(meta, leaves[index]?.length === undefined ? [9, 10, 11, 14] : [14]);
      move(column, [2, 4, 6]);
      whole += meta.int(6) ?? 0;
      packed += meta.int(7) ?? 0;
    }
    group.setInt(2, whole);
    if (group.int(6) !== undefined) group.setInt(6, packed);
    move(group, [5]);
  }
}
