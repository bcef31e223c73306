import type { ComposeCell, ComposedSql, SqlParameter } from '#shared/contract/notebook-relations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { quoteIdentifier, quoteLiteral, quoteQualifiedName } from '#shared/sql/quoting.ts';
import {
  beginsTransaction,
  lastStatementInPlace,
  splitStatements,
  statementInPlace,
} from '#shared/sql/statements.ts';
import { isWriteStatement, queryOfWrite } from '#shared/sql/write-statements.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { applySplices, type Splice } from '../analyze/splices.ts';
import type { TableReference } from '../analyze/table-reference.ts';
import { parameterSplices } from './bind-parameters.ts';
import { headPlace, wrapsShow } from './head-place.ts';
import { changeParameters, outlineChange, type OutlinedChange } from './outline-change.ts';
import { isQueryText, outlineSql, type OutlinedSql } from './outline-sql.ts';
import { PiecedText } from './pieced-text.ts';

export interface ComposeInput {
  readonly cells: readonly ComposeCell[];
  readonly parameters: readonly SqlParameter[];
  readonly target: string;
  readonly ref: string;
}

interface Part {
  readonly cell: ComposeCell;
  readonly outline: OutlinedSql | OutlinedChange;
  /** How its common table expression is called. */
  relation: string;
}

/**
 * One statement for a cell that reads other cells: each of these is a common table expression, once, whoever reads
 * it, so a cell is its query and not the rows that it showed; of several statements, the last one. A cell with a place
 * in history of its own keeps it: its tables get an AT clause.
 *
 * @throws INVALID_INPUT for cycles, two cells of one name, and cells that are no single query; SQL_SYNTAX, SQL_BINDING,
 *   UNSUPPORTED with `position` in the text of the cell that `context.cell` names by its id
 */
export async function composeCells(parser: SqlParser, input: ComposeInput): Promise<ComposedSql> {
  const target = input.cells.find(({ id }) => id === input.target);
  if (target === undefined) throw new AppError('INVALID_INPUT', 'The cell to run is not among the cells.');
  return isQueryText(target.sql) ? composeReads(parser, input, target) : composeWrite(parser, input, target);
}

/** @param change what the target names, where it is no query */
async function composeReads(
  parser: SqlParser,
  input: ComposeInput,
  target: ComposeCell,
  change: OutlinedChange | null = null,
): Promise<ComposedSql> {
  const refOf = (cell: ComposeCell): string => cell.ref ?? input.ref;
  const ref = refOf(target);
  const cells = input.cells.map((cell) =>
    cell === target ? cell : { ...cell, sql: lastStatementInPlace(cell.sql) },
  );
  const parts = await closure(parser, cells, target, change);
  nameRelations(parts);
  const upstream = parts.slice(0, -1);
  const splicesOf = async (part: Part): Promise<Splice[]> => [
    ...(await inCell(part.cell, () => constantSplices(parser, part, input))),
    ...tableSplices(part, parts, refOf(part.cell) === ref ? null : refOf(part.cell)),
  ];

  const head = new PiecedText();
  for (const [index, part] of upstream.entries()) {
    const once = part.outline.stability === 'random' ? 'MATERIALIZED ' : '';
    head.put(`${index > 0 ? ',\n' : ''}${quoteIdentifier(part.relation)} AS ${once}(\n`);
    const show = wrapsShow(part.outline.sql);
    if (show) head.put('FROM (');
    head.append(statementText(part, await splicesOf(part)));
    head.put(show ? ')\n)' : '\n)');
  }
  const last = parts.at(-1);
  if (last === undefined) return whole(target, ref);
  const { sql, pieces } = statementText(last, await splicesOf(last), upstream.length === 0 ? null : head);
  return { sql, ref, pieces, reads: upstream.map(({ cell }) => cell.id) };
}

/** The one statement of a cell with its splices, and the cells that it reads put where they belong. */
function statementText(part: Part, splices: readonly Splice[], head: PiecedText | null = null): PiecedText {
  const { sql } = part.outline;
  const { start, end } = splitStatements(sql)[0] ?? { start: 0, end: sql.length };
  const place = headPlace(sql);
  const before = place.inList ? ' ' : 'WITH ';
  const after = place.inList ? ', ' : '\n';
  const outside = [
    { start: 0, end: start, text: '' },
    { start: end, end: sql.length, text: '' },
  ].filter((each) => each.end > each.start);
  const put = head === null ? [] : [{ start: place.at, end: place.at, text: `${before}${head.sql}${after}` }];
  const spliced = applySplices(sql, [...outside, ...put, ...splices]);
  const text = new PiecedText();
  let headIsIn = head === null;
  for (const [index, [from, original, kind]] of spliced.anchors.entries()) {
    const stretch = spliced.sql.slice(from, spliced.anchors[index + 1]?.[0]);
    if (kind === 'kept') text.own(part.cell.id, original, stretch);
    else if (!headIsIn && head !== null && original === place.at && stretch !== '') {
      headIsIn = true;
      text.put(before);
      text.append(head);
      text.put(after);
    } else text.put(stretch);
  }
  return text;
}

function constantSplices(
  parser: SqlParser,
  { outline }: Part,
  { parameters }: ComposeInput,
): Promise<Splice[]> {
  return 'parts' in outline
    ? changeParameters(parser, outline, parameters)
    : parameterSplices(parser, outline, parameters);
}

/**
 * A statement that writes what a query gives: the query reads the cells. One that changes rows reads them in front of
 * itself. Any other is left as it is, and so is one whose query this parser does not take: what runs it says what is
 * wrong.
 */
async function composeWrite(
  parser: SqlParser,
  input: ComposeInput,
  target: ComposeCell,
): Promise<ComposedSql> {
  const ref = target.ref ?? input.ref;
  if (splitStatements(target.sql).length > 1) return composeScript(parser, input, target);
  const names = (outline: OutlinedSql | null): boolean =>
    outline !== null &&
    (outline.parameters.length > 0 ||
      outline.tables.some((table) => cellsNamed(input.cells, table).length > 0));
  const start = queryOfWrite(target.sql);
  if (start === null) {
    const change = await outlineChange(parser, target.sql);
    return names(change) ? composeReads(parser, input, target, change) : whole(target, ref);
  }
  const query = { ...target, sql: statementInPlace(target.sql, { start, text: target.sql.slice(start) }) };
  const outline = await outlineSql(parser, query.sql).catch((error: unknown) => {
    if (error instanceof AppError) return null;
    throw error;
  });
  if (!names(outline)) return whole(target, ref);
  const composed = await composeCells(parser, {
    ...input,
    cells: input.cells.map((cell) => (cell === target ? query : cell)),
  });
  const moved = composed.pieces.map((piece) => ({
    ...piece,
    start: piece.start + start,
    end: piece.end + start,
  }));
  return {
    ...composed,
    sql: target.sql.slice(0, start) + composed.sql,
    pieces: [{ start: 0, end: start, cell: target.id, from: 0 }, ...moved],
  };
}

/** Statements that are one commit: each that writes reads the cells by itself. */
async function composeScript(
  parser: SqlParser,
  input: ComposeInput,
  target: ComposeCell,
): Promise<ComposedSql> {
  const script = new PiecedText();
  const reads = new Set<string>();
  for (const statement of splitStatements(target.sql)) {
    const own = { ...target, sql: statementInPlace(target.sql, statement) };
    const composed =
      isWriteStatement(statement.text) && !beginsTransaction(statement.text)
        ? await composeWrite(
            parser,
            { ...input, cells: input.cells.map((cell) => (cell === target ? own : cell)) },
            own,
          )
        : whole(own, target.ref ?? input.ref);
    script.append(composed);
    script.put(';\n');
    for (const id of composed.reads) reads.add(id);
  }
  return { sql: script.sql, pieces: script.pieces, ref: target.ref ?? input.ref, reads: [...reads] };
}

function whole(cell: ComposeCell, ref: string): ComposedSql {
  const piece = { start: 0, end: cell.sql.length, cell: cell.id, from: 0 };
  return { sql: cell.sql, ref, pieces: [piece], reads: [] };
}

/** The target and all that it reads, each after what it reads itself. */
async function closure(
  parser: SqlParser,
  cells: readonly ComposeCell[],
  target: ComposeCell,
  change: OutlinedChange | null,
): Promise<Part[]> {
  const done: Part[] = [];
  const path: ComposeCell[] = [];
  const visit = async (cell: ComposeCell): Promise<void> => {
    if (done.some((part) => part.cell === cell)) return;
    path.push(cell);
    const outline =
      change !== null && cell === target ? change : await inCell(cell, () => outlineSql(parser, cell.sql));
    for (const table of outline.tables) {
      const found = cellsNamed(cells, table);
      const [first, second] = found;
      if (first === undefined) continue;
      const where = { position: table.position, ...lineColumn(cell.sql, table.position), cell: cell.id };
      if (second !== undefined)
        throw new AppError(
          'INVALID_INPUT',
          `${found.length} cells are named ${table.name[0]}; rename all but one.`,
          {
            context: where,
          },
        );
      if (path.includes(first)) {
        const names = [...path.slice(path.indexOf(first)), first].map(({ name }) => name);
        throw new AppError(
          'INVALID_INPUT',
          `Cells read each other in a circle: ${names.join(' reads ')}. Take one of these out, or name a table with its namespace.`,
          { context: where },
        );
      }
      if (!isQueryText(first.sql))
        throw new AppError(
          'INVALID_INPUT',
          `The cell ${first.name} does not end with a query, so there is nothing to read from it.`,
          { context: where },
        );
      await visit(first);
    }
    path.pop();
    done.push({ cell, outline, relation: cell.name ?? '' });
  };
  await visit(target);
  return done;
}

function cellsNamed(cells: readonly ComposeCell[], { name, at }: TableReference): ComposeCell[] {
  const [only] = name;
  if (only === undefined || name.length > 1 || at !== null) return [];
  return cells.filter((cell) => cell.name !== undefined && same(cell.name, only));
}

/** A cell whose name some query in sight gives to an expression of its own is called otherwise. */
function nameRelations(parts: readonly Part[]): void {
  const taken = new Set(parts.flatMap(({ outline }) => [...outline.ctes]));
  for (const part of parts) {
    while (taken.has(part.relation.toLowerCase())) part.relation += '__cell';
  }
}

function tableSplices(part: Part, parts: readonly Part[], pinned: string | null): Splice[] {
  const { outline } = part;
  const splices = outline.tables.flatMap((table, index): Splice[] => {
    const upstream = parts.find(({ cell }) => cell !== part.cell && cellsNamed([cell], table).length === 1);
    const { start, end, prefix } = table.span;
    const alias = table.aliasWritten ? '' : ` AS ${quoteIdentifier(outline.aliases[index] ?? table.alias)}`;
    if (upstream !== undefined) {
      const renamed = !same(upstream.relation, table.name[0] ?? '');
      if (!renamed && prefix === '') return [];
      return [{ start, end, text: `${prefix}${quoteIdentifier(upstream.relation)}${renamed ? alias : ''}` }];
    }
    if (pinned === null || table.at !== null) return [];
    const at = `(FROM ${quoteQualifiedName(table.name)} AT (VERSION => ${quoteLiteral(pinned)}))`;
    return [{ start, end, text: `${prefix}${at}${alias}` }];
  });
  const moved = pinned === null ? [] : outline.qualifiers.map(({ splice }) => splice);
  return [...splices, ...moved];
}

async function inCell<T>(cell: ComposeCell, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, error.message, {
      context: { ...error.context, cell: cell.id },
      cause: error,
    });
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
