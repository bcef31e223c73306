import { displayIdentifier } from '#shared/sql/quoting.ts';

interface NamedTable {
  readonly namespace: readonly string[];
  readonly name: string;
}

const PREVIEW_ROWS = 100;

/** The table's name as a person writes it in SQL, quoted where it must be. */
export function sqlName({ namespace, name }: NamedTable): string {
  return [...namespace, name].map(displayIdentifier).join('.');
}

export function previewSql(table: NamedTable): string {
  return `SELECT * FROM ${sqlName(table)} LIMIT ${PREVIEW_ROWS}`;
}

/** What "Query this table" puts in a notebook; with a snapshot id, as the table was then. */
export function startingSql(table: NamedTable, snapshotId?: string): string {
  const at = snapshotId === undefined ? '' : ` AT (VERSION => ${snapshotId})`;
  return `SELECT *\nFROM ${sqlName(table)}${at}\nLIMIT ${PREVIEW_ROWS}`;
}
