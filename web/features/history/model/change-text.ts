import type { LogChange, LogEntry } from '#shared/contract/refs.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';

/** "+483,112", "−12", "+5 −3"; empty where no row count changed. */
export function rowsText(change: LogChange): string {
  const parts: string[] = [];
  if (isSome(change.addedRows)) parts.push(`+${formatInteger(change.addedRows)}`);
  if (isSome(change.deletedRows)) parts.push(`−${formatInteger(change.deletedRows)}`);
  return parts.join(' ');
}

/** What happened to the thing, in a word: "created", "dropped", or the snapshot's operation. */
export function changeWord(change: LogChange): string {
  if (change.kind === 'added') return 'created';
  if (change.kind === 'removed') return 'dropped';
  return change.operation ?? 'changed';
}

/** A commit's changes in short: what most rows changed of, how many changes there are besides, rows of all. */
export function changesInShort({ changes }: LogEntry): { readonly what: string; readonly rows: string } {
  const [first] = changes.toSorted((a, b) => (touched(b) > touched(a) ? 1 : -1));
  if (!first) return { what: '', rows: '' };
  const rest = changes.length - 1;
  const what = rest === 0 ? first.key : `${first.key} and ${formatInteger(rest)} more`;
  let [added, deleted] = [0n, 0n];
  for (const change of changes) {
    added += BigInt(change.addedRows ?? 0);
    deleted += BigInt(change.deletedRows ?? 0);
  }
  return { what, rows: rowsText({ ...first, addedRows: String(added), deletedRows: String(deleted) }) };
}

function touched({ addedRows = '0', deletedRows = '0' }: LogChange): bigint {
  return BigInt(addedRows) + BigInt(deletedRows);
}

function isSome(rows: string | undefined): rows is string {
  return rows !== undefined && BigInt(rows) !== 0n;
}
