import { displayIdentifier } from '#shared/sql/quoting.ts';

interface NamedTable {
  readonly namespace: readonly string[];
  readonly name: string;
}

const FIRST_LOOK_ROWS = 100;

/** The table's name as a person writes it in SQL, quoted where it must be. */
export function sqlName({ namespace, name }: NamedTable): string {
  return [...namespace, name].map(displayIdentifier).join('.');
}

/** Rows that a look at a table shows; what is asked of its columns is asked of all rows. */
export const SHOWN_ROWS = 500;
export type PreviewKind = 'first' | 'sample';

/** All rows, of which the first are shown; or some from all over the table, the same ones each time. */
export function previewSql(table: NamedTable, kind: PreviewKind): string {
  const all = `SELECT * FROM ${sqlName(table)}`;
  return kind === 'first' ? all : `${all} USING SAMPLE reservoir(${SHOWN_ROWS} ROWS) REPEATABLE (1)`;
}

/** What "Query this table" puts in a notebook; with a snapshot id, as the table was then. */
export function startingSql(table: NamedTable, snapshotId?: string): string {
  const at = snapshotId === undefined ? '' : ` AT (VERSION => ${snapshotId})`;
  return `SELECT *\nFROM ${sqlName(table)}${at}\nLIMIT ${FIRST_LOOK_ROWS}`;
}
