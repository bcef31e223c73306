import { isNode, locationOf, nodesOf, textOf, walkAst, type AstNode, type AstValue } from './ast.ts';
import { sqlError } from './parse.ts';

/** What DuckDB takes while it folds a constant: for each byte of text, and for each value of a list. Measured, v1.5.6. */
const PER_BYTE = 4;
const PER_VALUE = 100;
/** For all constants of a query. */
const MOST_BYTES = 1_200_000_000;
/** DuckDB has bigger lists than anybody counts to. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

interface Extent {
  readonly text: number;
  /** Of a list; null where it is none. */
  readonly values: number | null;
}

/** A value of its own, and nothing to speak of. */
const SMALL: Extent = { text: 0, values: null };

/** By name of the function, what comes of its arguments. */
const MAKES: ReadonlyMap<string, (args: readonly AstNode[]) => Extent> = new Map([
  ['repeat', ([what, count]) => times(extentOf(what, 1), numberOf(count))],
  ...['lpad', 'rpad'].map(
    (name) => [name, ([, length]: readonly AstNode[]) => textOfLength(length)] as const,
  ),
  ...['range', 'generate_series'].map((name) => [name, seriesOf] as const),
  ...['list_resize', 'array_resize'].map(
    (name) =>
      [name, ([, length]: readonly AstNode[]) => ({ text: 0, values: numberOf(length) ?? 1 })] as const,
  ),
  ...['list_transform', 'list_apply', 'array_transform', 'array_apply', 'apply'].map(
    (name) =>
      [name, ([list, each]: readonly AstNode[]) => forEach(extentOf(bodyOf(each)), extentOf(list))] as const,
  ),
  ['printf', ([format]) => widthsOf(format, /%[-+ 0#,']*(\d+)/g)],
  ['format', ([format]) => widthsOf(format, /\{[^{}]*?(\d{3,})[^{}]*\}/g)],
  ['bitstring', ([, length]) => ({ text: (numberOf(length) ?? 0) / 8, values: null })],
]);

/**
 * Refuses constants that would take the process's memory: DuckDB computes them while it plans, outside of its memory limit, and
 * can't be stopped in one of its functions. So it is with what a function makes of a row by such a constant (`range(300000000 + id)`).
 *
 * @throws UNSUPPORTED with the place of the largest
 */
export function refuseHugeConstants(
  root: AstNode,
  sql: string,
  positionOf: (bytes: number | null) => number | null,
): void {
  let total = 0;
  let largest = { bytes: 0, node: root };
  const seen = new Set<AstNode>();
  walkAst(root, (node, parents) => {
    const make = MAKES.get(functionName(node));
    if (make === undefined || isTableFunction(node, parents.at(-1))) return;
    // What is in a call that is counted is counted with it.
    if (parents.some((outer) => seen.has(outer))) return;
    seen.add(node);
    const bytes = memoryOf(make(nodesOf(node['children'])));
    total += bytes;
    if (bytes > largest.bytes) largest = { bytes, node };
  });
  if (total <= MOST_BYTES) return;
  const { node } = largest;
  throw sqlError(
    'UNSUPPORTED',
    `What ${functionName(node)}(…) makes here is too large for one value: all that a query's constants ask for may be ${MOST_BYTES / PER_BYTE / 1e6} MB of text, or ${MOST_BYTES / PER_VALUE / 1e6} million values. Make it smaller, or have rows in its place, such as FROM range(…).`,
    sql,
    positionOf(locationOf(node)),
  );
}

/** Lower case; empty where it calls none. */
export function functionName(node: AstNode): string {
  return node['class'] === 'FUNCTION' ? textOf(node['function_name']).toLowerCase() : '';
}

/** Gives its rows as they are taken. */
export function isTableFunction(node: AstNode, parent: AstNode | undefined): boolean {
  return parent?.['type'] === 'TABLE_FUNCTION' && parent['function'] === node;
}

/** Of a constant text; 0 where that is not known. */
export function textLength(node: AstNode): number {
  return extentOf(node).text;
}

/** Of the list that a call makes; null where that is not known, or it makes none. */
export function listLength(call: AstNode): number | null {
  return MAKES.get(functionName(call))?.(nodesOf(call['children'])).values ?? null;
}

function memoryOf({ text, values }: Extent): number {
  return text * PER_BYTE + (values ?? 0) * PER_VALUE;
}

/** @param text where nothing is known of it */
function extentOf(node: AstNode | undefined, text = 0): Extent {
  if (node === undefined) return SMALL;
  const value = constantOf(node);
  if (value !== undefined) return { text: typeof value === 'string' ? value.length : 0, values: null };
  const args = nodesOf(node['children']);
  const make = MAKES.get(functionName(node));
  if (make !== undefined) return make(args);
  if (node['class'] === 'CAST' && isNode(node['child'])) return extentOf(node['child'], text);
  if (node['class'] !== 'FUNCTION') return { text, values: null };
  const parts = args.map((arg) => extentOf(arg));
  const isList = functionName(node) === 'list_value';
  const values = parts.map((part) => part.values ?? (isList ? 1 : 0)).reduce((sum, each) => sum + each, 0);
  return {
    text: parts.reduce((sum, part) => sum + part.text, 0),
    values: isList || values > 0 ? values : null,
  };
}

function times({ text, values }: Extent, count: number | null): Extent {
  const often = Math.max(0, count ?? 1);
  return { text: text * often, values: values === null ? null : values * often };
}

/** A list of what is made for each value of another. */
function forEach(each: Extent, list: Extent): Extent {
  return times({ ...each, values: each.values ?? 1 }, list.values);
}

function textOfLength(length: AstNode | undefined): Extent {
  return { text: numberOf(length) ?? 0, values: null };
}

function seriesOf(args: readonly AstNode[]): Extent {
  const [first, second, third] = args.map(numberOf);
  if (first === undefined || first === null || second === null) return SMALL;
  const [from, until] = second === undefined ? [0, first] : [first, second];
  const step = third ?? 1;
  const values = step === 0 ? 0 : Math.max(0, (until - from) / step);
  return { text: 0, values: Math.min(ENDLESS, Math.ceil(values)) };
}

function bodyOf(node: AstNode | undefined): AstNode | undefined {
  return node !== undefined && isNode(node['expr']) ? node['expr'] : node;
}

function widthsOf(format: AstNode | undefined, widths: RegExp): Extent {
  const text = format === undefined ? undefined : constantOf(format);
  if (typeof text !== 'string') return SMALL;
  return {
    text: [...text.matchAll(widths)].reduce((sum, [, width]) => sum + Number(width), 0),
    values: null,
  };
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.trunc(a / b),
  '**': (a, b) => a ** b,
  '^': (a, b) => a ** b,
  pow: (a, b) => a ** b,
  power: (a, b) => a ** b,
  '<<': (a, b) => a * 2 ** b,
};

/** The number that constants come to; null where that is not known. */
function numberOf(node: AstNode | undefined): number | null {
  if (node === undefined) return null;
  const value = constantOf(node);
  if (value !== undefined) {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number / 10 ** scaleOf(node) : null;
  }
  if (node['class'] === 'CAST' && isNode(node['child'])) return numberOf(node['child']);
  const compute = ARITHMETIC[functionName(node)];
  if (compute === undefined) return null;
  const [left, right] = nodesOf(node['children']).map(numberOf);
  if (left === undefined) return null;
  if (left === null || right === null) return atLeast(functionName(node), left ?? right ?? null);
  if (right === undefined) return functionName(node) === '-' ? -left : left;
  return compute(left, right);
}

/** What a value of rows makes of a number, which it mostly makes larger. */
function atLeast(operator: string, known: number | null): number | null {
  return operator === '+' || operator === '*' ? known : null;
}

/** Undefined where it is none. */
function constantOf(node: AstNode): Exclude<AstValue, AstNode> | undefined {
  const value = node['class'] === 'CONSTANT' ? node['value'] : undefined;
  const inner = isNode(value) ? value['value'] : undefined;
  return isNode(inner) ? undefined : inner;
}

function scaleOf(node: AstNode): number {
  const value = isNode(node['value']) ? node['value']['type'] : undefined;
  const info = isNode(value) ? value['type_info'] : undefined;
  return isNode(info) && typeof info['scale'] === 'number' ? info['scale'] : 0;
}
