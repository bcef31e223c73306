import { Utf16Offsets } from '#shared/sql/positions.ts';
import type { Token } from '#shared/sql/tokenize.ts';
import { locationOf, nodesOf, walkAst, type AstNode } from './ast.ts';

/** Shorter ones are read in no time. */
const LONG = 500;

/** A number or a text; UTF-16 offsets of the SQL, with its sign. */
interface Constant {
  readonly start: number;
  readonly end: number;
}

/** Between the parentheses of `IN (…)`: numbers and texts alone. */
export interface LongList extends Constant {
  readonly constants: readonly Constant[];
}

/**
 * Of each constant DuckDB writes 160 characters of JSON into a syntax tree, of which nearly always nothing matters. So lists of
 * many are kept out of it.
 */
export function longLists(sql: string, tokens: readonly Token[]): readonly LongList[] {
  const lists: LongList[] = [];
  for (let at = 0; at + 2 * LONG < tokens.length; at += 1) {
    if (!isIn(sql, tokens[at]) || symbolOf(sql, tokens[at + 1]) !== '(') continue;
    const constants = listAt(sql, tokens, at + 2);
    if (constants.length < LONG) continue;
    lists.push({ start: constants[0]?.start ?? 0, end: constants.at(-1)?.end ?? 0, constants });
    at += 2 * constants.length;
  }
  return lists;
}

/** The SQL with one text in the place of each list, which is as long as the list: everything else stands where it stood. */
export function withStandIns(sql: string, lists: readonly LongList[]): string {
  let text = '';
  let from = 0;
  for (const { start, end } of lists) {
    text += `${sql.slice(from, start)}'${sql.slice(start + 1, end - 1).replaceAll("'", '"')}'`;
    from = end;
  }
  return text + sql.slice(from);
}

/**
 * Puts the nodes that DuckDB has for each constant of the lists into the tree of the SQL with stand-ins.
 *
 * @param root is changed
 * @returns whether it could be done: else a constant is of a kind whose node is not sure
 */
export function putConstants(root: AstNode, sql: string, lists: readonly LongList[]): boolean {
  const offsets = new Utf16Offsets(sql);
  const wanted = new Map<number, readonly AstNode[]>();
  for (const list of lists) {
    const nodes = constantNodes(sql, list.constants, offsets);
    if (nodes === null) return false;
    wanted.set(offsets.bytesAt(list.start), nodes);
  }
  const found: { readonly parent: AstNode; readonly children: readonly AstNode[] }[] = [];
  walkAst(root, (parent) => {
    const [left, standIn, ...others] = nodesOf(parent['children']);
    if (left === undefined || standIn?.['class'] !== 'CONSTANT' || others.length > 0) return;
    const nodes = wanted.get(locationOf(standIn) ?? -1);
    if (nodes !== undefined) found.push({ parent, children: [left, ...nodes] });
  });
  if (found.length !== lists.length) return false;
  for (const { parent, children } of found) Object.assign(parent, { children });
  return true;
}

const INTEGER = { id: 'INTEGER', type_info: null };
const BIGINT = { id: 'BIGINT', type_info: null };
const VARCHAR = { id: 'VARCHAR', type_info: null };

function constantNodes(
  sql: string,
  constants: readonly Constant[],
  offsets: Utf16Offsets,
): readonly AstNode[] | null {
  const nodes: AstNode[] = [];
  for (const { start, end } of constants) {
    const value = valueOf(sql.slice(start, end));
    if (value === null) return null;
    const query_location = offsets.bytesAt(start);
    nodes.push({ class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', query_location, value });
  }
  return nodes;
}

const LEAST_BIGINT = 2 ** 31;
/** So many digits are sure to be exact as a number of JavaScript's. */
const EXACT_DIGITS = 15;

/** Null for numbers that may have another type. */
function valueOf(text: string): AstNode | null {
  if (text.startsWith("'"))
    return { type: VARCHAR, is_null: false, value: text.slice(1, -1).replaceAll("''", "'") };
  const [whole = '', fraction] = text.replace('-', '').split('.');
  const digits = whole + (fraction ?? '');
  const value = Number(digits) * (text.startsWith('-') ? -1 : 1);
  if (digits.length > EXACT_DIGITS || Object.is(value, -0)) return null;
  if (fraction !== undefined) return { type: decimal(digits.length, fraction.length), is_null: false, value };
  if (value === -LEAST_BIGINT) return null;
  return { type: Math.abs(value) < LEAST_BIGINT ? INTEGER : BIGINT, is_null: false, value };
}

function decimal(width: number, scale: number): AstNode {
  const info = { type: 'DECIMAL_TYPE_INFO', alias: '', extension_info: null, width, scale };
  return { id: 'DECIMAL', type_info: info };
}

function isIn(sql: string, token: Token | undefined): boolean {
  if (token?.kind !== 'word' || token.end - token.start !== 2) return false;
  return sql.slice(token.start, token.end).toLowerCase() === 'in';
}

/** The constants from a token up to a closing parenthesis; none where anything else is among them. */
function listAt(sql: string, tokens: readonly Token[], first: number): readonly Constant[] {
  const found: Constant[] = [];
  for (let at = first; ; at += 2) {
    const sign = symbolOf(sql, tokens[at]) === '-' ? tokens[at] : undefined;
    if (sign !== undefined) at += 1;
    const token = tokens[at];
    if (token === undefined || !isConstant(sql, token) || (sign && token.kind !== 'number')) return [];
    // As its token, which is there, a constant takes no memory of its own.
    found.push(sign === undefined ? token : { start: sign.start, end: token.end });
    const next = symbolOf(sql, tokens[at + 1]);
    if (next === ')') return found;
    if (next !== ',') return [];
  }
}

/** Of at most 30 digits: a number may be too large for any type. */
const NUMBER = /\d{1,30}(?:\.\d{1,30})?/y;

function isConstant(sql: string, { kind, start, end, open }: Token): boolean {
  if (kind === 'string') return sql.charAt(start) === "'" && !open;
  NUMBER.lastIndex = start;
  return kind === 'number' && NUMBER.test(sql) && NUMBER.lastIndex === end;
}

function symbolOf(sql: string, token: Token | undefined): string {
  return token?.kind === 'symbol' ? sql.charAt(token.start) : '';
}
