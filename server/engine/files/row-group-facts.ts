import { boundOf, kindOf, type LeafType } from './parquet-bounds.ts';
import type { ColumnFacts, RowGroup } from './row-groups.ts';
import { THRIFT, ThriftCursor } from '#shared/parquet/thrift-cursor.ts';

const I32 = 5;
const I64 = 6;
const BINARY = 8;
const REPEATED = 2;

/** A line of the file's schema; field numbers are those of parquet.thrift. */
interface Element extends LeafType {
  readonly id: number | null;
  readonly repeated: boolean;
  readonly children: number;
}

/** A leaf, in whose order the column chunks of a row group are. */
interface Leaf {
  /** Field id of the column that it is, or is in; null where the file gives it none. */
  readonly column: number | null;
  /** Null for what is nested or repeated: its bounds are of no row. */
  readonly type: LeafType | null;
}

interface Chunk {
  bytes: number;
  nulls: number | null;
  min: Uint8Array | null;
  max: Uint8Array | null;
}

/**
 * Rows, sizes and bounds of the row groups of a Parquet file.
 *
 * @param footer FileMetaData of parquet.thrift
 * @returns null where the file gives its columns no field ids
 * @throws CORRUPT_FILE
 */
export function rowGroupsIn(footer: Uint8Array): readonly RowGroup[] | null {
  const elements: Element[] = [];
  const groups: { rows: number; chunks: Chunk[] }[] = [];
  const cursor = new ThriftCursor(footer);
  cursor.struct((field, type) => {
    if (type !== THRIFT.list) return false;
    if (field === 2) cursor.list(() => elements.push(element(cursor)));
    else if (field === 4) cursor.list(() => groups.push(group(cursor)));
    else return false;
    return true;
  });
  const leaves = leavesOf(elements);
  if (leaves.every(({ column }) => column === null)) return null;
  return groups.map(({ rows, chunks }) => describe(rows, chunks, leaves));
}

function describe(rows: number, chunks: readonly Chunk[], leaves: readonly Leaf[]): RowGroup {
  const bytes = new Map<number, number>();
  const facts = new Map<number, ColumnFacts>();
  for (const [at, { column, type }] of leaves.entries()) {
    const chunk = chunks[at];
    if (column === null || !chunk) continue;
    bytes.set(column, (bytes.get(column) ?? 0) + chunk.bytes);
    const kind = type && kindOf(type);
    if (type === null || kind === null) continue;
    facts.set(column, {
      kind,
      scale: type.scale,
      ...(chunk.nulls === null ? {} : { nulls: BigInt(chunk.nulls) }),
      ...(chunk.min === null ? {} : { lower: boundOf(type, chunk.min) }),
      ...(chunk.max === null ? {} : { upper: boundOf(type, chunk.max) }),
    });
  }
  return { rows, bytes, facts };
}

function leavesOf(elements: readonly Element[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let at = 1;
  const visit = (column: number | null, depth: number): void => {
    const own = elements[at];
    if (!own) return;
    at += 1;
    const id = depth === 0 ? own.id : column;
    if (own.children === 0) leaves.push({ column: id, type: depth === 0 && !own.repeated ? own : null });
    for (let child = 0; child < own.children; child += 1) visit(id, depth + 1);
  };
  while (at < elements.length) visit(null, 0);
  return leaves;
}

function element(cursor: ThriftCursor): Element {
  const read = {
    physical: -1,
    converted: null as number | null,
    logical: null as number | null,
    scale: 0,
    unit: null as number | null,
    signed: true,
    id: null as number | null,
    repeated: false,
    children: 0,
  };
  cursor.struct((field, type) => {
    if (type === I32) {
      if (field === 1) read.physical = cursor.int();
      else if (field === 3) read.repeated = cursor.int() === REPEATED;
      else if (field === 5) read.children = cursor.int();
      else if (field === 6) read.converted = cursor.int();
      else if (field === 7) read.scale = cursor.int();
      else if (field === 9) read.id = cursor.int();
      else return false;
      return true;
    }
    if (field !== 10 || type !== THRIFT.struct) return false;
    cursor.struct((kind, inner) => {
      read.logical = kind;
      if (inner !== THRIFT.struct) return false;
      cursor.struct((part, partType) => {
        // isSigned of an integer; the unit of a time, a union.
        if (kind === 10 && part === 2) read.signed = partType === THRIFT.true;
        if (part !== 2 || partType !== THRIFT.struct) return false;
        cursor.struct((unit) => {
          read.unit = unit;
          return false;
        });
        return true;
      });
      return true;
    });
    return true;
  });
  return read;
}

function group(cursor: ThriftCursor): { rows: number; chunks: Chunk[] } {
  const chunks: Chunk[] = [];
  let rows = 0;
  cursor.struct((field, type) => {
    if (field === 1 && type === THRIFT.list) cursor.list(() => chunks.push(chunk(cursor)));
    else if (field === 3 && type === I64) rows = cursor.int();
    else return false;
    return true;
  });
  return { rows, chunks };
}

function chunk(cursor: ThriftCursor): Chunk {
  const read: Chunk = { bytes: 0, nulls: null, min: null, max: null };
  cursor.struct((field, type) => {
    if (field !== 3 || type !== THRIFT.struct) return false;
    cursor.struct((fact, factType) => {
      if (fact === 7 && factType === I64) read.bytes = cursor.int();
      else if (fact === 12 && factType === THRIFT.struct) statistics(cursor, read);
      else return false;
      return true;
    });
    return true;
  });
  return read;
}

/** Not the min and max of old writers, whose order was never said. */
function statistics(cursor: ThriftCursor, read: Chunk): void {
  cursor.struct((field, type) => {
    if (field === 3 && type === I64) read.nulls = cursor.int();
    else if (field === 5 && type === BINARY) read.max = cursor.binary();
    else if (field === 6 && type === BINARY) read.min = cursor.binary();
    else return false;
    return true;
  });
}
