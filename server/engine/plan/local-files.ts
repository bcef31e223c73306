import type { LocalRelation, Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import type { BindTable, Bound } from './binder.ts';

export interface WithoutLocals {
  /** Its tables are those of the lakehouse alone; the names of files stay in its SQL as they are. */
  readonly analyzed: AnalyzedSql;
  /** Files that the query names, each once. */
  readonly locals: readonly LocalRelation[];
}

/**
 * Tells the files of the tab from the tables of the lakehouse. A file is named by its bare name, which comes before
 * a table's; it has no versions, so a name with AT is a table's.
 */
export function withoutLocals(analyzed: AnalyzedSql, known: readonly LocalRelation[]): WithoutLocals {
  if (known.length === 0) return { analyzed, locals: [] };
  const byName = new Map(known.map((local) => [local.name.toLowerCase(), local]));
  const localAt = analyzed.tables.map(({ name, at }) =>
    name.length === 1 && at === null ? byName.get(name[0]?.toLowerCase() ?? '') : undefined,
  );
  const ofTables = <T>(list: readonly T[]) => list.filter((_, index) => localAt[index] === undefined);
  const { tables, tableNodes, aliases } = analyzed;
  return {
    analyzed: {
      ...analyzed,
      tables: ofTables(tables),
      tableNodes: ofTables(tableNodes),
      aliases: ofTables(aliases),
    },
    locals: [...new Set(localAt.filter((local) => local !== undefined))],
  };
}

/** What stands for files while a query is bound. */
export function bindLocals(locals: readonly LocalRelation[]): readonly BindTable[] {
  return locals.map(({ name, columns }) => ({
    view: name,
    columns: columns.map((column) => ({ name: column.name, sqlType: column.type })),
    passing: true,
  }));
}

/** @param uses what the query reads of each file, in the order of `locals` */
export function readOfLocals(
  locals: readonly LocalRelation[],
  uses: Bound['uses'],
): NonNullable<Plan['locals']> {
  return locals.map(({ name, columns }, index) => ({
    name,
    columns: columns.flatMap((column, at) => (uses[index]?.columns.has(at) === true ? [column.name] : [])),
  }));
}

/** @param why what keeps the query from running in the tab, as a sentence */
export function notWithLocals([local]: readonly LocalRelation[], why: string): AppError {
  const name = local?.name ?? '';
  return new AppError(
    'UNSUPPORTED',
    `${why} The query reads the file ${name}, which only this tab has. Save the file as a table to run the query on the server.`,
    { context: { local: name } },
  );
}
