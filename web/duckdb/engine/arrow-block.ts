import { ARRAY, ARRAY_POINTERS, SCHEMA, SCHEMA_POINTERS } from '../parquet/flat-batch.ts';
import { allocate, type EngineModule } from './engine-module.ts';
import { writePieces, type JoinedBatch } from './joined-batch.ts';

/** What DuckDB reads of a block has one column, a struct of the batch's. */
export const ROW = 'r';
/** Of arrays and schemas whose owner frees them: they must have one, which is never called. */
const NO_RELEASE = 1;
const NULLABLE = 2n;
const UNKNOWN = -1;

/** Where a block has what DuckDB is given. */
export const BLOCK = { schema: 0, array: SCHEMA_POINTERS.bytes } as const;

/** A column of a batch by its place, as SQL over what DuckDB reads. */
export function blockColumn(index: number): string {
  return `${ROW}.c${index}`;
}

/** An array with its schema, as Arrow's C data interface has them. */
interface Node {
  readonly format: string;
  readonly name: string;
  readonly offset: number;
  /** Where in the batch's buffers. */
  readonly buffers: readonly (number | null)[];
  readonly children: readonly Node[];
}

/** Where in its block everything of a node goes. */
interface Placed {
  readonly node: Node;
  readonly schema: number;
  readonly array: number;
  readonly format: number;
  readonly name: number;
  readonly buffers: number;
  readonly schemas: number;
  readonly arrays: number;
  readonly children: readonly Placed[];
}

/**
 * Copies a batch into one block of DuckDB's memory, as something that `duckdb_arrow_array_scan` reads.
 *
 * DuckDB takes it that such a scan gives just the columns and rows that a query needs, which a scan of an array does
 * not: it gives all of them, and columns would be mistaken and filters lost. So there is one column alone, a struct of
 * the batch's columns, and one of these is of a type that no filter is given to scans for.
 *
 * @returns its address, to be freed; null where there is no room
 */
export function placeBatch(engine: EngineModule, batch: JoinedBatch): number | null {
  const { root, texts, data, size } = layOut(batch);
  const block = allocate(engine, size);
  if (block === 0) return null;
  const { buffer } = engine.memory;
  const all = new Uint8Array(buffer, block, size);
  all.fill(0, 0, data);
  writePieces(batch, all.subarray(data));
  for (const [at, text] of texts)
    for (let index = 0; index < text.length; index += 1) all[at + index] = text.charCodeAt(index);
  fill({ view: new DataView(buffer, block, size), block, data, rows: batch.rows }, root);
  return block;
}

function layOut({ size: bytes, columns }: JoinedBatch) {
  let size = 0;
  const take = (count: number) => {
    const at = size;
    size += Math.ceil(count / 8) * 8;
    return at;
  };
  const texts: [number, string][] = [];
  const text = (value: string) => {
    const at = take(value.length + 1);
    texts.push([at, value]);
    return at;
  };
  const place = (node: Node): Placed => ({
    node,
    schema: take(SCHEMA_POINTERS.bytes),
    array: take(ARRAY_POINTERS.bytes),
    format: text(node.format),
    name: text(node.name),
    buffers: take(4 * Math.max(1, node.buffers.length)),
    schemas: take(4 * node.children.length),
    arrays: take(4 * node.children.length),
    children: node.children.map(place),
  });
  const fields = columns.map((column, index) => ({ ...column, name: `c${index}`, children: [] }));
  const unfiltered: Node = { format: 'n', name: 'unfiltered', offset: 0, buffers: [], children: [] };
  const row = struct(ROW, [...fields, unfiltered]);
  const root = place(struct('', [row]));
  const data = take(bytes);
  return { root, texts, data, size };
}

function struct(name: string, children: readonly Node[]): Node {
  return { format: '+s', name, offset: 0, buffers: [null], children };
}

interface Target {
  readonly view: DataView;
  readonly block: number;
  readonly data: number;
  readonly rows: number;
}

function fill(target: Target, { node, schema, array, ...placed }: Placed): void {
  const { view, block, data, rows } = target;
  const pointer = (at: number, to: number) => view.setUint32(at, block + to, true);
  const count = (at: number, value: number) => view.setBigInt64(at, BigInt(value), true);
  const { children } = placed;

  pointer(schema + SCHEMA.format, placed.format);
  pointer(schema + SCHEMA.name, placed.name);
  view.setBigInt64(schema + SCHEMA.flags, NULLABLE, true);
  count(schema + SCHEMA.childCount, children.length);
  pointer(schema + SCHEMA_POINTERS.children, placed.schemas);
  view.setUint32(schema + SCHEMA_POINTERS.release, NO_RELEASE, true);

  count(array + ARRAY.length, rows);
  count(array + ARRAY.nulls, UNKNOWN);
  count(array + ARRAY.offset, node.offset);
  count(array + ARRAY.bufferCount, node.buffers.length);
  count(array + ARRAY.childCount, children.length);
  pointer(array + ARRAY_POINTERS.buffers, placed.buffers);
  pointer(array + ARRAY_POINTERS.children, placed.arrays);
  view.setUint32(array + ARRAY_POINTERS.release, NO_RELEASE, true);

  for (const [index, at] of node.buffers.entries())
    if (at !== null) pointer(placed.buffers + 4 * index, data + at);
  for (const [index, child] of children.entries()) {
    pointer(placed.schemas + 4 * index, child.schema);
    pointer(placed.arrays + 4 * index, child.array);
    fill(target, child);
  }
}
