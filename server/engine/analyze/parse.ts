import { parseDottedName } from '#shared/refs/dotted-name.ts';
import { quoteQualifiedName } from '#shared/sql/quoting.ts';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { AppError } from '#shared/errors/app-error.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { codePointOffset, lineColumn } from '#shared/sql/positions.ts';
import { QUERY_STARTS } from '#shared/sql/scope/clause-words.ts';
import { statementInPlace, statementsOf } from '#shared/sql/statements.ts';
import { significantTokens, type Token } from '#shared/sql/tokenize.ts';
import { TOO_DEEP, tooDeep } from '#shared/sql/failure-sentence.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { Mutex } from '../duckdb/mutex.ts';
import type { TextSpan } from '../pivot/find-pivots.ts';
import { withPlaceholders } from '../pivot/placeholders.ts';
import { aliasesBeforeAt } from './alias-before-at.ts';
import { isNode, nodesOf, textOf, walkAst, type AstNode } from './ast.ts';
import { LONG_CONDITIONS, longConditionsAt } from './long-conditions.ts';
import { longLists, putConstants, withStandIns } from './long-lists.ts';
import { movedBack } from './moved-back.ts';
import type { SplicedSql } from './splices.ts';
import { isLong, takeTurns } from './take-turns.ts';

const SUPPORTED =
  'SELECT, WITH, FROM, VALUES, TABLE, PIVOT, UNPIVOT, DESCRIBE, SUMMARIZE and SHOW TABLES read, and INSERT, UPDATE, DELETE, MERGE, TRUNCATE, CREATE, ALTER and DROP of TABLE, VIEW and SCHEMA, OPTIMIZE and VACUUM change what there is';

/** What DuckDB says of every other statement. */
const NO_QUERY = 'Only SELECT statements can be serialized to json!';

/** DuckDB's own parser behind one connection that never runs a user's SQL. */
export class SqlParser {
  readonly #statement: DuckDBPreparedStatement;
  readonly #writing: DuckDBPreparedStatement;
  readonly #mutex = new Mutex();

  private constructor(statement: DuckDBPreparedStatement, writing: DuckDBPreparedStatement) {
    this.#statement = statement;
    this.#writing = writing;
  }

  static async create(connection: DuckDBConnection): Promise<SqlParser> {
    return new SqlParser(
      await connection.prepare('SELECT json_serialize_sql($1::VARCHAR)'),
      await connection.prepare('SELECT json_deserialize_sql($1::VARCHAR::JSON)'),
    );
  }

  /**
   * The query node of one SELECT-like statement; a PIVOT whose columns the data says has no values there. Its 64-bit integers are bigint only where `exact` asks for it,
   * which costs more. A long list of constants is one constant there (see longLists), unless it is exact.
   *
   * @param tokens of the SQL, from who has them
   * @throws SQL_SYNTAX, UNSUPPORTED (a statement that is no query), INVALID_INPUT (none, or more than one);
   *   each with `position` (UTF-16 offset), `line` and `column`, where there is one.
   */
  async parse(
    sql: string,
    exact = false,
    tokens: readonly Token[] = significantTokens(sql),
  ): Promise<AstNode> {
    const nul = sql.indexOf('\0');
    if (nul >= 0) throw sqlError('SQL_SYNTAX', 'The SQL holds a NUL character; take it out.', sql, nul);

    const statements = statementsOf(sql, tokens);
    const second = statements[1];
    if (statements.length === 0)
      throw new AppError('INVALID_INPUT', 'There is no SQL to run: the text is empty.');
    if (second !== undefined)
      throw sqlError(
        'INVALID_INPUT',
        `There are ${statements.length} statements here; run one at a time.`,
        sql,
        second.start,
      );

    const long = isLong(sql) ? longConditionsAt(sql, tokens) : null;
    if (long !== null) throw sqlError('UNSUPPORTED', LONG_CONDITIONS, sql, long);
    await takeTurns(sql);
    const root = (await this.#shortTree(sql, exact, tokens)) ?? (await this.#tree(sql, exact));
    await takeTurns(sql);
    const node = nodesOf(root['statements'])[0]?.['node'];
    if (!isNode(node)) throw new AppError('UNSUPPORTED', `This statement can't be read; ${SUPPORTED}.`);
    return node;
  }

  /** Of SQL with long lists of constants, which DuckDB is not asked for; null where there is none, or something is wrong. */
  async #shortTree(sql: string, exact: boolean, tokens: readonly Token[]): Promise<AstNode | null> {
    const lists = longLists(sql, tokens);
    if (lists.length === 0) return null;
    const root = await this.#tree(withStandIns(sql, lists), exact).catch(() => null);
    await takeTurns(sql);
    return root === null || (exact && !putConstants(root, sql, lists)) ? null : root;
  }

  /** @throws SQL_SYNTAX, UNSUPPORTED */
  async #tree(sql: string, exact: boolean): Promise<AstNode> {
    const root = readTree(await this.#serialize(sql), exact);
    if (root['error'] !== true) return root;
    const reordered = root['error_type'] === 'not implemented' ? null : aliasesBeforeAt(sql);
    if (reordered !== null) return this.#treeOf(reordered, sql, exact);
    const stand = root['error_type'] === 'not implemented' ? withPlaceholders(sql) : null;
    if (stand === null) throw parseFailure(sql, root);
    const tree = readTree(await this.#serialize(stand.sql), exact);
    if (tree['error'] !== true) {
      const moved = movedBack(tree, sql, stand);
      return stand.queries.length === 0 ? moved : this.#withQueries(moved, sql, stand.queries);
    }
    const failure = parseFailure(stand.sql, tree);
    const position = failure.context['position'];
    throw typeof position === 'number' ? withPlace(failure, sql, stand.toOriginal(position)) : failure;
  }

  /** The tree of SQL in which some stands elsewhere, with the places of the SQL as it was written. */
  async #treeOf(other: SplicedSql, sql: string, exact: boolean): Promise<AstNode> {
    try {
      return movedBack(await this.#tree(other.sql, exact), sql, other);
    } catch (error) {
      const position = error instanceof AppError ? error.context['position'] : undefined;
      if (!(error instanceof AppError) || typeof position !== 'number') throw error;
      const { line, column } = lineColumn(sql, other.toOriginal(position));
      const message = error.message.replace(
        / \(line \d+, column \d+\)\.$/,
        ` (line ${line}, column ${column}).`,
      );
      const said = new AppError(error.code, message, { context: error.context, cause: error });
      throw withPlace(said, sql, other.toOriginal(position));
    }
  }

  /** With the trees of queries that have no place in it, so that their tables are found. */
  async #withQueries(root: AstNode, sql: string, queries: readonly TextSpan[]): Promise<AstNode> {
    const found: AstNode[] = [];
    for (const { start, end } of queries) {
      const tree = await this.#tree(statementInPlace(sql, { start, text: sql.slice(start, end) }), false);
      found.push(...nodesOf(tree['statements']));
    }
    const [statement, ...others] = nodesOf(root['statements']);
    const node = statement?.['node'];
    if (!isNode(node)) return root;
    return { ...root, statements: [{ ...statement, node: { ...node, pivot_queries: found } }, ...others] };
  }

  /**
   * The SQL of a query node that was parsed with `exact`. DuckDB writes some things as others, a DOUBLE as a DECIMAL
   * for one: parse it again to be sure of it.
   *
   * @throws UNSUPPORTED for what it can't write
   */
  async write(node: AstNode): Promise<string> {
    const tree = stringifyJson({ error: false, statements: [{ node, named_param_map: [] }] });
    return this.#mutex.run(async () => {
      this.#writing.bindVarchar(1, tree);
      const result = await this.#writing.run().catch((cause: unknown) => {
        throw new AppError('UNSUPPORTED', "This query can't be written as SQL again.", { cause });
      });
      return String((await result.getRows())[0]?.[0]);
    });
  }

  async #serialize(sql: string): Promise<string> {
    return this.#mutex.run(async () => {
      this.#statement.bindVarchar(1, sql);
      const rows = await (await this.#statement.run()).getRows();
      return String(rows[0]?.[0]);
    });
  }
}

/** An error about a place in the user's SQL. */
export function sqlError(
  code:
    | 'SQL_SYNTAX'
    | 'SQL_BINDING'
    | 'SQL_RUNTIME'
    | 'COLUMN_NOT_FOUND'
    | 'TABLE_NOT_FOUND'
    | 'INVALID_INPUT'
    | 'UNSUPPORTED'
    | 'FORBIDDEN',
  message: string,
  sql: string,
  position: number | null,
  context: Readonly<Record<string, unknown>> = {},
): AppError {
  const where = position === null ? {} : { position, ...lineColumn(sql, position) };
  return new AppError(code, message, { context: { ...where, ...context } });
}

/** Where a node stands that the parser made up. */
const NOWHERE = 2n ** 64n - 1n;
const STANDS_NOWHERE = `"query_location":${NOWHERE}`;

function readTree(text: string, exact: boolean): AstNode {
  try {
    if (exact && hasLongNumber(text)) return parseJson(text) as AstNode;
    const tree = JSON.parse(text) as AstNode;
    if (exact) walkAst(tree, withExactPlace);
    return tree;
  } catch (cause) {
    // yyjson prints infinite constants bare, which is not JSON.
    throw new AppError(
      'UNSUPPORTED',
      "The SQL has a constant that can't be analyzed, such as 1e999; write 'inf'::DOUBLE.",
      { cause },
    );
  }
}

/** Whether it may have a number that is not exact as one of JavaScript's; parseJson takes many times as long. */
function hasLongNumber(text: string): boolean {
  for (const { index } of text.matchAll(/\d{16,}/g))
    if (!text.startsWith(STANDS_NOWHERE, index - STANDS_NOWHERE.indexOf(String(NOWHERE)))) return true;
  return false;
}

function withExactPlace(node: AstNode): void {
  const { query_location: place } = node;
  if (typeof place === 'number' && !Number.isSafeInteger(place))
    Object.assign(node, { query_location: NOWHERE });
}

function parseFailure(sql: string, root: AstNode): AppError {
  const message = textOf(root['error_message']);
  if (root['error_type'] === 'not implemented')
    return message === NO_QUERY ? notAQuery(sql) : notReadOn(sql, message);
  if (root['error_type'] === 'serialization')
    return new AppError(
      'UNSUPPORTED',
      "A type with values of its own, such as ENUM('a', 'b'), can't stand inside of a list, a struct or a map here. Cast the values one by one, as list_transform(l, x -> x::ENUM('a', 'b')) does.",
    );
  const deep = TOO_DEEP.exec(message)?.groups;
  if (deep !== undefined) return new AppError('UNSUPPORTED', `${tooDeep(deep)}.`);
  const long = /NameListToString/.test(message) ? longName(sql) : null;
  if (long !== null)
    return sqlError(
      'TABLE_NOT_FOUND',
      `There is no table ${long.name}: SQL names a table by three parts at most. Quote a deeper namespace as one part: ${shortened(long.name)}.`,
      sql,
      long.position,
      { table: long.name, suggestions: [], longName: true },
    );

  const count = Number(root['position']);
  const position =
    root['position'] === undefined || !Number.isFinite(count) ? null : codePointOffset(sql, count);
  const near = /at or near "([\s\S]*)"$/.exec(message)?.[1];
  const where = position === null ? null : lineColumn(sql, position);
  const place = where === null ? '' : ` (line ${where.line}, column ${where.column})`;
  return sqlError(
    'SQL_SYNTAX',
    `The SQL does not parse: ${message}${place}.`,
    sql,
    position,
    near === undefined ? {} : { near },
  );
}

/** DuckDB gives up on a table's name of four parts and more without saying where it is. */
function longName(sql: string): { readonly name: string; readonly position: number } | null {
  const tokens = significantTokens(sql);
  const text = (at: number): string => sql.slice(tokens[at]?.start, tokens[at]?.end);
  const isPart = (at: number): boolean => ['word', 'quoted-identifier'].includes(tokens[at]?.kind ?? '');
  const names: { name: string; position: number; isTable: boolean }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const first = at;
    if (!isPart(first)) continue;
    while (text(at + 1) === '.' && isPart(at + 2)) at += 2;
    const position = tokens[first]?.start ?? 0;
    if (at - first >= 6)
      names.push({
        name: sql.slice(position, tokens[at]?.end),
        position,
        isTable: /^(from|join|table|into|describe|summarize|,)$/i.test(text(first - 1)),
      });
  }
  // A column may have as many parts, so one in the place of a table comes first.
  return names.find(({ isTable }) => isTable) ?? names[0] ?? null;
}

/** `a.b.c.t` as `"a.b.c".t`. */
function shortened(name: string): string {
  const parts = parseDottedName(name);
  return quoteQualifiedName([parts.slice(0, -1).join('.'), parts.at(-1) ?? '']);
}

interface UnreadSyntax {
  /** What DuckDB says of it. */
  readonly message: RegExp;
  readonly words: readonly string[];
  readonly instead: string;
}

/** DuckDB's grammar takes more than its parser reads on, and says of that neither where it is nor what it is called. */
const UNREAD: readonly UnreadSyntax[] = [
  {
    message: /T_List/,
    words: ['BETWEEN', 'SYMMETRIC'],
    instead: 'BETWEEN least(a, b) AND greatest(a, b)',
  },
  {
    message: /T_List/,
    words: ['NOT', 'BETWEEN', 'SYMMETRIC'],
    instead: 'NOT BETWEEN least(a, b) AND greatest(a, b)',
  },
  { message: /T_List/, words: ['IS', 'OF'], instead: "typeof(x) = 'INTEGER'" },
  { message: /T_List/, words: ['IS', 'NOT', 'OF'], instead: "typeof(x) <> 'INTEGER'" },
  { message: /ROWS FROM/, words: ['ROWS', 'FROM', '('], instead: 'the functions in FROM themselves' },
];

/** @param message what DuckDB says */
function notReadOn(sql: string, message: string): AppError {
  const tokens = significantTokens(sql).map(({ start, end }) => ({
    start,
    text: sql.slice(start, end).toUpperCase(),
  }));
  const candidates = UNREAD.filter((each) => each.message.test(message));
  for (const [at, { start }] of tokens.entries()) {
    const known = candidates.find(({ words }) => words.every((word, nth) => tokens[at + nth]?.text === word));
    if (known === undefined) continue;
    const name = known.words.filter((word) => word !== '(').join(' ');
    return sqlError('UNSUPPORTED', `${name} can't be read; write ${known.instead}.`, sql, start);
  }
  return new AppError('UNSUPPORTED', `The SQL has something that DuckDB's parser can't read on: ${message}.`);
}

function notAQuery(sql: string): AppError {
  const first = significantTokens(sql, 1)[0];
  const keyword = first === undefined ? '' : sql.slice(first.start, first.end).toUpperCase();
  return sqlError(
    'UNSUPPORTED',
    `${QUERY_STARTS.has(keyword.toLowerCase()) ? 'This statement' : keyword} can't be run here yet; ${SUPPORTED}.`,
    sql,
    first?.start ?? null,
  );
}
