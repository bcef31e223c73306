import type { Plan } from '#shared/contract/plan.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { exactSql } from '../exact-sql.ts';

/** Statements that run parts of themselves again, or are several. */
const RUNS_AGAIN = /\b(RECURSIVE|PIVOT\w*|UNPIVOT)\b/i;
/** UTF-16 units of SQL that is planned once more to see how it reads. */
const MAX_SQL = 20_000;
/** As DuckDB names a scan of loose rows in what EXPLAIN says. */
const SCAN = 'ARROW_SCAN';

type ReadPlan = Pick<Plan, 'scans' | 'sql' | 'columns' | 'explanation' | 'locals'>;

/**
 * Whether a plan may read rows that can be read once: it reads one table, of which no row is deleted, and is no
 * statement that reads again what it has read. With several tables DuckDB has to know how many rows each has.
 */
export function mayReadOnce({ scans, sql, explanation, locals }: ReadPlan): boolean {
  const [scan, ...others] = scans;
  return (
    scan !== undefined &&
    others.length === 0 &&
    locals === undefined &&
    explanation === undefined &&
    scan.columns.length > 0 &&
    scan.files.every(({ deletes }) => deletes === undefined) &&
    sql.length <= MAX_SQL &&
    !RUNS_AGAIN.test(sql)
  );
}

/**
 * Whether DuckDB, which may have a scan twice where the SQL has it once, and once where it has it twice, reads each of
 * so many scans of loose rows once.
 */
export async function readsOnce(
  connection: Pick<EngineConnection, 'rows'>,
  plan: Pick<Plan, 'sql' | 'columns'>,
  scans: number,
): Promise<boolean> {
  const explained = await connection.rows(`EXPLAIN (FORMAT json) ${exactSql(plan)}`);
  const [row, ...others] = explained;
  if (row === undefined || others.length > 0) return false;
  const names = operatorNames(JSON.parse(String(row['explain_value'])));
  return names.filter((name) => name === SCAN).length === scans;
}

function operatorNames(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(operatorNames);
  if (typeof node !== 'object' || node === null) return [];
  const { name, children } = node as { readonly name?: unknown; readonly children?: unknown };
  return [String(name).trim().replaceAll(' ', '_'), ...operatorNames(children)];
}
