import type { LogChange } from '#shared/contract/refs.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';

const SHOWN = 2;

/** "bronze.flights +483,112 rows", "silver.a created, silver.b −12 rows and 3 more". */
export function changeSummary(changes: readonly LogChange[], count = changes.length): string {
  if (changes.length === 0) return 'no table changed';
  const shown = changes.slice(0, SHOWN).map(describe).join(', ');
  const rest = count - Math.min(SHOWN, changes.length);
  return rest > 0 ? `${shown} and ${formatInteger(rest)} more` : shown;
}

function describe({ key, kind, addedRows, deletedRows }: LogChange): string {
  if (kind === 'removed') return `${key} dropped`;
  const rows: string[] = [];
  if (isSome(addedRows)) rows.push(`+${formatInteger(addedRows)}`);
  if (isSome(deletedRows)) rows.push(`−${formatInteger(deletedRows)}`);
  if (rows.length > 0) return `${key} ${rows.join(' ')} rows`;
  return `${key} ${kind === 'added' ? 'created' : 'changed'}`;
}

function isSome(rows: string | undefined): rows is string {
  return rows !== undefined && BigInt(rows) !== 0n;
}
