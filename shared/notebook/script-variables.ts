import { significantTokens, type Token } from '../sql/tokenize.ts';

/** What a script gives a variable, as far as it is a constant. */
export type VariableValue =
  | { readonly type: 'text' | 'number' | 'date'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: 'true' | 'false' }
  | { readonly type: 'list'; readonly value: readonly string[] }
  | { readonly type: 'null' }
  /** SQL that has to be run. */
  | { readonly type: 'expression'; readonly value: string };

export interface SetVariable {
  readonly name: string;
  readonly value: VariableValue;
}

const SET = /^SET\s+VARIABLE\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*)\s*(?:=|TO\s)\s*/iu;

/** `SET VARIABLE name = value`; null for every other statement. */
export function readSetVariable(statement: string): SetVariable | null {
  const set = SET.exec(statement);
  if (set?.[1] === undefined) return null;
  const expression = statement.slice(set[0].length).trim();
  if (expression === '') return null;
  return { name: unquote(set[1], '"'), value: valueOf(expression) };
}

function valueOf(expression: string): VariableValue {
  const tokens = significantTokens(expression);
  const texts = tokens.map(({ start, end }) => expression.slice(start, end));
  const [first = '', second = ''] = texts;
  const isString = (token: Token | undefined) =>
    token?.kind === 'string' && expression.charAt(token.start) === "'" && !token.open;
  if (texts.length === 1) {
    if (isString(tokens[0])) return { type: 'text', value: unquote(first, "'") };
    if (tokens[0]?.kind === 'number' && isDecimal(first)) return { type: 'number', value: first };
    if (/^null$/i.test(first)) return { type: 'null' };
    if (/^true$/i.test(first)) return { type: 'boolean', value: 'true' };
    if (/^false$/i.test(first)) return { type: 'boolean', value: 'false' };
  }
  if (texts.length === 2) {
    if (first === '-' && tokens[1]?.kind === 'number' && isDecimal(second))
      return { type: 'number', value: `-${second}` };
    const date = /^date$/i.test(first) && isString(tokens[1]) ? unquote(second, "'") : '';
    if (/^\d{4}-\d\d-\d\d$/.test(date)) return { type: 'date', value: date };
  }
  if (first === '[' && texts.at(-1) === ']') {
    const inside = tokens.slice(1, -1);
    const values = inside.filter((_each, index) => index % 2 === 0);
    const commas = inside.filter((_each, index) => index % 2 === 1);
    const isList =
      inside.length % 2 === 1 &&
      values.every(isString) &&
      commas.every(({ start }) => expression.charAt(start) === ',');
    if (isList)
      return {
        type: 'list',
        value: values.map(({ start, end }) => unquote(expression.slice(start, end), "'")),
      };
  }
  return { type: 'expression', value: expression };
}

function isDecimal(text: string): boolean {
  return /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/.test(text);
}

function unquote(text: string, quote: string): string {
  return text.startsWith(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text;
}

/** SQL in which `$name` of an input is DuckDB's own variable. @param names of the inputs' parameters, as they are spelled */
export function withVariables(sql: string, names: readonly string[]): string {
  const spelled = new Map(names.map((name) => [name.toLowerCase(), name]));
  return significantTokens(sql)
    .filter((token) => token.kind === 'parameter')
    .reduceRight((text, { start, end }) => {
      const name = spelled.get(sql.slice(start + 1, end).toLowerCase());
      return name === undefined ? text : `${text.slice(0, start)}getvariable('${name}')${text.slice(end)}`;
    }, sql);
}

/** The way back. @param useOf what stands for a variable; null where it stays */
export function withoutVariables(sql: string, useOf: (name: string) => string | null): string {
  const tokens = significantTokens(sql);
  const text = (token: Token | undefined) => (token === undefined ? '' : sql.slice(token.start, token.end));
  return tokens.reduceRight((result, token, index) => {
    const [open, name, close] = tokens.slice(index + 1, index + 4);
    if (token.kind !== 'word' || text(token).toLowerCase() !== 'getvariable') return result;
    if (text(open) !== '(' || name?.kind !== 'string' || close === undefined || text(close) !== ')')
      return result;
    const use = useOf(unquote(text(name), "'"));
    return use === null ? result : result.slice(0, token.start) + use + result.slice(close.end);
  }, sql);
}
