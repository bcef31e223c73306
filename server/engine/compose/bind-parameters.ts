import type { SqlParameter } from '#shared/contract/notebook-relations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readTexts, textsSql } from '#shared/notebook/cell-sql.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import { mapChildren, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { sqlError, type SqlParser } from '../analyze/parse.ts';
import { applySplices, type Splice } from '../analyze/splices.ts';
import type { OutlinedSql } from './outline-sql.ts';

const INTEGER = /^-?\d{1,18}$/;
const DECIMAL = /^-?(\d*)\.(\d+)$/;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const MOST_DIGITS = 38;

/**
 * A constant for each `$name` of a query, put where the parameter stands. The result is parsed again and has to be the
 * same syntax tree with nothing but its parameters exchanged for these constants, so that no value can be more.
 *
 * @throws SQL_BINDING for a name that no parameter has; INVALID_INPUT for a value that is none of its type; UNSUPPORTED
 *   where a parameter can't stand
 */
export async function parameterSplices(
  parser: SqlParser,
  query: OutlinedSql,
  parameters: readonly SqlParameter[],
): Promise<Splice[]> {
  if (query.parameters.length === 0) return [];
  const known = new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));
  const splices = query.parameters.map(({ name, start, end }): Splice => {
    const parameter = known.get(name.toLowerCase());
    if (parameter === undefined) throw unknownParameter(query.sql, name, start, [...known.keys()]);
    return { start, end, text: constantSql(parameter) };
  });
  await verify(parser, query, splices);
  return splices;
}

/** A value as SQL that is one constant of its type, e.g. `CAST('1.50' AS DECIMAL(3,2))`. */
export function constantSql({ name, type, value }: SqlParameter): string {
  if (value === null) return 'NULL';
  if (type === 'text') return quoteLiteral(value.replaceAll('\0', ''));
  const refuse = (what: string) =>
    new AppError('INVALID_INPUT', `The value of $${name} is ${JSON.stringify(value)}, which is no ${what}.`, {
      context: { parameter: name },
    });
  if (type === 'texts') {
    const texts = readTexts(value);
    if (texts === null) throw refuse('JSON array of texts, e.g. ["a", "b"]');
    return textsSql(texts);
  }
  if (type === 'date') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw refuse('date (YYYY-MM-DD)');
    return `CAST('${value}' AS DATE)`;
  }
  if (!NUMBER.test(value)) throw refuse('number');
  return `CAST('${value}' AS ${numberType(value)})`;
}

function numberType(text: string): string {
  if (INTEGER.test(text)) return 'BIGINT';
  const [, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  const digits = whole.length + fraction.length;
  return fraction !== '' && digits <= MOST_DIGITS ? `DECIMAL(${digits}, ${fraction.length})` : 'DOUBLE';
}

async function verify(parser: SqlParser, query: OutlinedSql, splices: readonly Splice[]): Promise<void> {
  const constants = new Map<string, AstNode>();
  for (const [index, { name }] of query.parameters.entries())
    constants.set(name.toLowerCase(), await constantNode(parser, splices[index]?.text ?? ''));
  const exchange = (node: AstNode): AstNode => {
    if (node['class'] !== 'PARAMETER') return mapChildren(node, exchange);
    const constant = constants.get(textOf(node['identifier']).toLowerCase());
    return constant === undefined ? node : { ...constant, alias: node['alias'] };
  };
  const bound = await parser.parse(applySplices(query.sql, splices).sql).catch(() => null);
  if (bound !== null && canonical(bound) === canonical(exchange(query.root))) return;
  const first = query.parameters[0];
  throw sqlError(
    'UNSUPPORTED',
    `$${first?.name} can't stand here: a parameter is a value, such as in WHERE x = $${first?.name}.`,
    query.sql,
    first?.start ?? null,
  );
}

async function constantNode(parser: SqlParser, sql: string): Promise<AstNode> {
  const root = await parser.parse(`SELECT ${sql}`);
  return nodesOf(root['select_list'])[0] ?? root;
}

/** The tree as text, without where its parts stand and without the list of parameters. */
function canonical(root: AstValue): string {
  return JSON.stringify(root, (key, value: unknown) =>
    key === 'query_location' || key === 'named_param_map' ? undefined : value,
  );
}

function unknownParameter(sql: string, name: string, start: number, known: readonly string[]): AppError {
  const suggestions = nearestNames(name, known).map((each) => `$${each}`);
  const hint =
    known.length === 0
      ? 'This notebook has no input cell yet; add one.'
      : suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}?`
        : `There are ${known.map((each) => `$${each}`).join(', ')}.`;
  return sqlError('SQL_BINDING', `There is no input named ${name}. ${hint}`, sql, start, {
    parameter: name,
    suggestions,
  });
}
