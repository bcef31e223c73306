import { makeBuilder, Table, tableToIPC, type Builder, type DataType, type Vector } from 'apache-arrow';
import { AppError } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/util/json.ts';
import { JsonElements, type JsonElement } from './json-elements.ts';
import { arrowTypeOf, columnTypeOf, jsonTypeOf, mergeTypes, valueFor, type JsonType } from './json-types.ts';
import type { LocalReply } from './local-protocol.ts';

/** @param line of the file, from 1  @param what is said of the file after its name */
function fault(line: number, what: string): AppError {
  return new AppError('CORRUPT_FILE', what, { context: { line } });
}

const CHUNK_ROWS = 16_384;
/** Integers of so many digits may be beyond what a number holds exactly. */
const LONG_DIGITS = /\d{16}/;
/** What a value that is no object is called as a column. */
const ONLY_COLUMN = 'value';

/**
 * The rows of a file of JSON: its objects, whose names are the columns. The file is read twice: for the types of all
 * values, then for the values.
 *
 * @param open the file's text, from its start
 * @throws AppError CORRUPT_FILE with the `line`; its message is what is said of a file after its name
 */
export async function* readJson(
  open: () => AsyncIterable<string>,
): AsyncGenerator<Extract<LocalReply, { kind: 'columns' | 'chunk' }>> {
  let columns: ReadonlyMap<string, JsonType> = new Map();
  let rows = 0;
  for await (const { element, value } of values(open())) {
    columns = withRow(columns, rowOf(value), element);
    rows += 1;
  }
  if (rows === 0) throw fault(1, 'has no values');
  if (columns.size === 0) throw fault(1, 'has objects without names alone, so there is no column');
  const typed = [...columns];
  yield {
    kind: 'columns',
    names: typed.map(([name]) => name),
    types: typed.map(([, type]) => columnTypeOf(type)),
    schema: null,
    rows,
  };
  let batch: Record<string, unknown>[] = [];
  for await (const { value } of values(open())) {
    if (batch.push(rowOf(value)) < CHUNK_ROWS) continue;
    yield chunkOf(batch, typed);
    batch = [];
  }
  if (batch.length > 0) yield chunkOf(batch, typed);
}

async function* values(
  text: AsyncIterable<string>,
): AsyncGenerator<{ element: JsonElement; value: unknown }> {
  const elements = new JsonElements();
  for await (const piece of text)
    for (const element of elements.push(piece)) yield { element, value: parsed(element) };
  for (const element of elements.finish()) yield { element, value: parsed(element) };
}

function parsed({ text, line }: JsonElement): unknown {
  try {
    return LONG_DIGITS.test(text) ? parseJson(text) : (JSON.parse(text) as unknown);
  } catch {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw fault(line, `what begins there is no JSON: ${shown}`);
  }
}

function rowOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : { [ONLY_COLUMN]: value };
}

function withRow(
  columns: ReadonlyMap<string, JsonType>,
  row: Record<string, unknown>,
  { line }: JsonElement,
): ReadonlyMap<string, JsonType> {
  let changed: Map<string, JsonType> | null = null;
  for (const name in row) {
    const before = columns.get(name);
    const type = jsonTypeOf(row[name]);
    const merged = before === undefined ? type : mergeTypes(before, type);
    if (
      merged.kind !== before?.kind ||
      (merged !== before && (merged.kind === 'list' || merged.kind === 'object'))
    )
      (changed ??= new Map(columns)).set(name, merged);
  }
  if ((changed?.size ?? 0) > 10_000)
    throw fault(
      line,
      'by then the objects have more than 10,000 different names, which are too many columns',
    );
  return changed ?? columns;
}

function chunkOf(
  rows: readonly Record<string, unknown>[],
  columns: readonly (readonly [string, JsonType])[],
): Extract<LocalReply, { kind: 'chunk' }> {
  const vectors = columns.map(([name, type], index) => {
    const cells = rows.map((row) => valueFor(row[name], type));
    return [`c${index}`, vectorOf(cells, arrowTypeOf(type))] as const;
  });
  const ipc = tableToIPC(new Table(Object.fromEntries(vectors)), 'stream') as Uint8Array<ArrayBuffer>;
  return { kind: 'chunk', ipc, rows: rows.length };
}

function vectorOf(cells: readonly unknown[], type: DataType): Vector {
  const builder = makeBuilder({ type, nullValues: [] });
  takeNulls(builder);
  for (const cell of cells) builder.append(cell);
  return builder.finish().toVector();
}

/** Told what stands for NULL, a builder would make a function of text, which the page's policy forbids. */
function takeNulls(builder: Builder): void {
  builder.isValid = (value: unknown) => value !== null;
  for (const child of builder.children) takeNulls(child);
}
