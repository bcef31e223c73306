import type { ResultColumn } from '#shared/contract/plan.ts';
import { displayIdentifier, quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { parseSqlType, type SqlType } from '#web/lib/format/duckdb-type.ts';
import { formatNested } from '#web/lib/format/nested.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { isGroup, jsonEntries, jsonText, parseJson, type Json } from './exact-json.ts';

/** A value, or a part of one, as a place in a tree. Parts are made when they are asked for. */
export interface ValueNode {
  /** A field's name, a map's key, or a list's place as SQL counts it. */
  readonly label: string;
  /** The SQL expression that gives just this. */
  readonly path: string;
  /** One line. */
  readonly text: string;
  readonly isNull: boolean;
  /** How many parts it has; null for what has none by its nature. */
  readonly count: number | null;
  part(at: number): ValueNode;
  /** The whole of it, for other programs. */
  plain(): string;
}

/** Letters of a line. */
const LINE = 160;

/** The tree of a column's value; null for what has no parts. Text that is JSON has those of its JSON. */
export function valueTree(column: ResultColumn, value: CellValue): ValueNode | null {
  const type = parseSqlType(column.type);
  const path = quoteIdentifier(column.name);
  if (typeof value === 'string' && type.kind === 'text') {
    const json = jsonOf(value);
    if (json === null) return null;
    const base = isJson(type) ? path : `${path}::JSON`;
    return jsonNode({ base, pointer: '$', label: column.name }, json, value);
  }
  const node = sqlNode(column.name, path, value, type);
  return node.count === null ? null : node;
}

function isJson(type: SqlType | undefined): boolean {
  return type?.kind === 'text' && type.name.toUpperCase() === 'JSON';
}

/** Null for text that is no object and no list. */
function jsonOf(text: string): Json | null {
  if (!/^\s*[{[]/.test(text)) return null;
  const json = parseJson(text);
  return json !== undefined && isGroup(json) ? json : null;
}

function sqlNode(label: string, path: string, value: CellValue, type: SqlType | undefined): ValueNode {
  if (typeof value === 'string' && isJson(type)) {
    const json = jsonOf(value);
    if (json !== null) return jsonNode({ base: path, pointer: '$', label }, json, value);
  }
  if (Array.isArray(value)) {
    const items: readonly CellValue[] = value;
    const parts =
      type?.kind === 'map'
        ? (at: number) => mapPart(path, items[at] as readonly CellValue[], at, type)
        : (at: number) =>
            sqlNode(
              `[${at + 1}]`,
              `${path}[${at + 1}]`,
              items[at] ?? null,
              type?.kind === 'list' ? type.element : undefined,
            );
    return group(label, path, value, type, items.length, parts);
  }
  if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
    const entries = Object.entries(value as Readonly<Record<string, CellValue>>);
    return group(label, path, value, type, entries.length, (at) => {
      const [name = '', part = null] = entries[at] ?? [];
      const field = type?.kind === 'struct' ? type.fields.get(name) : undefined;
      return sqlNode(name, `${path}.${displayIdentifier(name)}`, part, field);
    });
  }
  const formatter = cellFormatter({ name: label, type: type?.name ?? 'VARCHAR' });
  const text = value === null ? '' : formatter.text(value);
  return { label, path, text, isNull: value === null, ...LEAF, plain: () => formatter.plain(value) };
}

const LEAF = {
  count: null,
  part: (): never => {
    throw new RangeError('A value without parts was asked for one.');
  },
};

function group(
  label: string,
  path: string,
  value: CellValue,
  type: SqlType | undefined,
  count: number,
  part: (at: number) => ValueNode,
): ValueNode {
  const known = type ?? parseSqlType('VARCHAR');
  const text = formatNested(value, known, { limit: LINE });
  return {
    label,
    path,
    text,
    isNull: false,
    count,
    part,
    plain: () => formatNested(value, known, { utc: true }),
  };
}

function mapPart(
  path: string,
  [key = null, value = null]: readonly CellValue[],
  at: number,
  type: Extract<SqlType, { kind: 'map' }>,
): ValueNode {
  const label = cellFormatter({ name: '', type: type.key.name }).plain(key);
  const byKey =
    typeof key === 'string' && type.key.kind === 'text'
      ? `${path}[${quoteLiteral(key)}]`
      : type.key.kind === 'integer'
        ? `${path}[${label}]`
        : `map_values(${path})[${at + 1}]`;
  return sqlNode(label, byKey, value, type.value);
}

interface JsonPlace {
  /** The SQL of the whole JSON. */
  readonly base: string;
  /** From there on, as JSON paths are written. */
  readonly pointer: string;
  readonly label: string;
}

function jsonNode({ base, pointer, label }: JsonPlace, value: Json, text?: string): ValueNode {
  const arrow = isGroup(value) ? '->' : '->>';
  const path = pointer === '$' ? base : `(${base}${arrow}${quoteLiteral(pointer)})`;
  const whole = () => text ?? jsonText(value);
  if (!isGroup(value)) {
    const plain = value === null ? '' : typeof value === 'string' ? value : jsonText(value);
    const line = plain.length > LINE ? `${plain.slice(0, LINE)}…` : plain;
    return { label, path, text: line, isNull: value === null, ...LEAF, plain: () => plain };
  }
  const line = jsonText(value, LINE);
  const entries = jsonEntries(value);
  const part = (at: number): ValueNode => {
    const [key, next] = entries[at] ?? [null, null];
    // Unlike SQL, JSON counts from 0.
    if (key === null) return jsonNode({ base, pointer: `${pointer}[${at}]`, label: `[${at}]` }, next);
    const step = /^[a-z_]\w*$/i.test(key) ? key : `"${key}"`;
    return jsonNode({ base, pointer: `${pointer}.${step}`, label: key }, next);
  };
  return { label, path, text: line, isNull: false, count: entries.length, part, plain: whole };
}
