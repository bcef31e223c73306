import { statementAt } from '#shared/sql/statements.ts';
import type { RunPart } from './run-store.ts';

/**
 * What of a text runs by itself: what is selected, or the statement that the cursor stands in. Null where there is none.
 *
 * @param start and `end` of the selection, equal where nothing is selected (UTF-16 units)
 */
export function partOf(source: string, start: number, end: number): RunPart | null {
  const selected = source.slice(start, end);
  if (selected.trim() !== '') return { kind: 'selection', sql: selected, offset: start };
  const statement = statementAt(source, start);
  return statement === null ? null : { kind: 'statement', sql: statement.text, offset: statement.start };
}
