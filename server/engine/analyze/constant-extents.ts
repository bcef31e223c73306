import { functionName, isNode, nodesOf, type AstNode, type AstValue } from './ast.ts';

/** DuckDB has bigger lists than anybody counts to. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

/** How much a value holds, as far as a statement's constants say. */
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

/** Of what a call makes; null where constants say nothing of it. */
export function extentOfCall(call: AstNode): Extent | null {
  return MAKES.get(functionName(call))?.(nodesOf(call['children'])) ?? null;
}

/** Of a constant text; 0 where that is not known. */
export function textLength(node: AstNode): number {
  return extentOf(node).text;
}

/** @param text where nothing is known of it */
function extentOf(node: AstNode | undefined, text = 0): Extent {
  if (node === undefined) return SMALL;
  const value = constantOf(node);
  if (value !== undefined) return { text: typeof value === 'string' ? value.length : 0, values: null };
  const made = extentOfCall(node);
  if (made !== null) return made;
  if (node['class'] === 'CAST' && isNode(node['child'])) return extentOf(node['child'], text);
  if (node['class'] !== 'FUNCTION') return { text, values: null };
  const parts = nodesOf(node['children']).map((arg) => extentOf(arg));
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
