import type { AstNode } from '../analyze/ast.ts';
import { textOf } from '../analyze/ast.ts';
import { mismatch } from './mismatch.ts';

/** DuckDB's functions by what they make of rows; names in lower case. */
export interface FunctionKinds {
  readonly aggregates: ReadonlySet<string>;
  /** Of one row, and the same for the same row within a query. */
  readonly scalars: ReadonlySet<string>;
}

/** Lists FunctionKinds as rows of a name and whether it is an aggregate. Macros may be anything; these are of one row. */
export const FUNCTION_KINDS_SQL = `
  SELECT function_name, bool_or(function_type = 'aggregate')
  FROM duckdb_functions()
  WHERE function_type IN ('aggregate', 'scalar')
     OR function_name IN ('date_add', 'fdiv', 'fmod', 'nullif', 'round_even', 'split_part')
  GROUP BY function_name
  HAVING bool_and(function_type = 'aggregate') OR bool_and(function_type <> 'aggregate' AND stability IS DISTINCT FROM 'VOLATILE')`;

/** @throws Mismatch for a function that may be neither an aggregate nor one of a row alone */
export function isAggregate(node: AstNode, { aggregates, scalars }: FunctionKinds): boolean {
  if (node['class'] !== 'FUNCTION') return false;
  const name = textOf(node['function_name']);
  if (aggregates.has(name)) return true;
  if (scalars.has(name)) return false;
  throw mismatch(`${name} may give another value for the same row`);
}
