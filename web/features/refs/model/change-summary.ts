import type { LogChange } from '#shared/contract/refs.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';

const SHOWN = 2;

/** "bronze.flights +483,112 rows", "silver.a created, silver.b −12 rows and 3 more". */
export function changeSummary(changes: readonly LogChange[]): string {
  if (changes.length === 0) return 'no table changed';
  const shown = changes.slice(0, SHOWN).map(describe).join(', ');
  const rest = changes.length - SHOWN;
  return rest > 0 ? `${shown} and ${formatInteger(rest)} more` : shown;
}

function describe(change: LogChange): string {
  const parts: string[] = [];
  if (change.kind === 'removed') parts.push('dropped');
  if (isSome(change.addedRows)) parts.push(`+${formatInteger(change.addedRows)}`);
  if (isSome(change.deletedRows)) parts.push(`−${formatInteger(change.deletedRows)}`);
  if (parts.length > 0 && change.kind !== 'removed') return `${change.key} ${parts.join(' ')} rows`;
  if (parts.length === 0) parts.push(change.kind === 'added' ? 'created' : 'changed');
  return `${change.key} ${parts.join(' ')}`;
}

function isSome(rows: string | undefined): rows is string {
  return rows !== undefined && BigInt(rows) !== 0n;
}
