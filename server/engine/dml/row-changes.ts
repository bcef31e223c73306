import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { present } from '#shared/util/present.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { EngineSession } from '../execute/engine-session.ts';
import type { ExecutableFile, ExecutableScan } from '../execute/scan-view.ts';
import { FileConstants } from '../plan/file-constants.ts';
import { ACTION, CHANGE, type ChangesQuery } from './compose-changes.ts';
import { FILE, LAST_UPDATED_FIELD, LINEAGE, POSITION, ROW_ID_FIELD, scanColumnsOf } from './row-columns.ts';

const CHANGES = '_timestream_changes';
const KEPT = '_timestream_kept';
/** More rows than a file has: one number for a file and a place in it. */
const FILE_STRIDE = 2n ** 40n;

/** A data file of the target, as manifests and as the engine have it. */
export interface TargetFile {
  readonly planned: PlannedFile;
  readonly executable: ExecutableFile;
}

export interface TouchedFile extends TargetFile {
  /** Among the target's files. */
  readonly index: number;
  /** Rows of it that go or become others. */
  readonly rows: number;
  /** No other row is left in it. */
  readonly whole: boolean;
}

export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** What a statement does to the rows of a table, worked out and kept in a session. */
export class RowChanges {
  readonly #session: EngineSession;
  readonly #schema: Schema;
  readonly #lineage: boolean;
  readonly #files: readonly TargetFile[];

  /** @param files of the target's scan, in its order */
  constructor(session: EngineSession, schema: Schema, lineage: boolean, files: readonly TargetFile[]) {
    this.#session = session;
    this.#schema = schema;
    this.#lineage = lineage;
    this.#files = files;
  }

  /** @param sql of the changes query, over the session's views */
  async collect(sql: string, { nested }: Pick<ChangesQuery, 'nested'>): Promise<void> {
    const values = this.#schema.fields.map((_, index) => CHANGE.value(index));
    const members = [CHANGE.action, ...values].map((name) => `${nested}.${name} AS ${name}`);
    const query =
      nested === null
        ? sql
        : `SELECT ${CHANGE.file}, ${CHANGE.position}, ${CHANGE.rowId}, ${members.join(', ')} FROM (${sql}\n) WHERE ${nested} IS NOT NULL`;
    await this.#session.run(`CREATE TEMP TABLE ${CHANGES} AS ${query}`);
  }

  async counts(): Promise<RowCounts> {
    const rows = await this.#session.run(
      `SELECT ${CHANGE.action} AS action, count(*) AS n FROM ${CHANGES} GROUP BY ALL`,
    );
    const of = (action: number) => Number(rows.find((row) => Number(row['action']) === action)?.['n'] ?? 0);
    return { inserted: of(ACTION.insert), updated: of(ACTION.update), deleted: of(ACTION.delete) };
  }

  /** Rows of the table that more than one row of a source changes. */
  async ambiguous(): Promise<number> {
    const [row] = await this.#session.run(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${CHANGES} WHERE ${isOfRow()} GROUP BY ${CHANGE.file}, ${CHANGE.position} HAVING count(*) > 1)`,
    );
    return Number(row?.['n'] ?? 0);
  }

  async touched(): Promise<readonly TouchedFile[]> {
    const rows = await this.#session.run(
      `SELECT ${CHANGE.file} AS file, count(*) AS n FROM ${CHANGES} WHERE ${isOfRow()} GROUP BY ALL ORDER BY 1`,
    );
    return rows.flatMap((row): TouchedFile[] => {
      const index = Number(row['file']);
      const file = this.#files[index];
      if (file === undefined) return [];
      const count = Number(row['n']);
      return [
        {
          ...file,
          index,
          rows: count,
          whole: count === file.executable.rows - (file.executable.deleted?.size ?? 0),
        },
      ];
    });
  }

  /** The places of a file's rows that go or become others. */
  async positions({ index }: TouchedFile): Promise<PositionSet> {
    const rows = await this.#session.run(
      `SELECT ${CHANGE.position} AS pos FROM ${CHANGES} WHERE ${isOfRow()} AND ${CHANGE.file} = ${index} ORDER BY 1`,
    );
    return PositionSet.of(rows.map((row) => Number(row['pos'])));
  }

  /** Rows that are new or have changed, as a query with the table's columns (and LINEAGE where that is kept). */
  changedRows(): string {
    const columns = this.#schema.fields.map(
      ({ name, type }, index) =>
        `CAST(${CHANGE.value(index)} AS ${duckDbTypeOf(type)}) AS ${quoteIdentifier(name)}`,
    );
    const rowId = `coalesce(${CHANGE.rowId}, ${itemOf(this.#firstRowIds(this.#files), CHANGE.file)} + ${CHANGE.position})`;
    const lineage = this.#lineage
      ? [
          `CASE ${CHANGE.action} WHEN ${ACTION.update} THEN ${rowId} END AS ${ROW_ID_FIELD.name}`,
          `NULL::BIGINT AS ${LAST_UPDATED_FIELD.name}`,
        ]
      : [];
    return `SELECT ${[...columns, ...lineage].join(', ')} FROM ${CHANGES} WHERE ${CHANGE.action} <> ${ACTION.delete}`;
  }

  /** The rows of some files that stay as they are, in their order; as changedRows. */
  async keptRows(metadata: TableMetadata, files: readonly TouchedFile[]): Promise<string> {
    const fields = this.#lineage ? [...this.#schema.fields, ...LINEAGE] : this.#schema.fields;
    await this.#session.open([this.#keptScan(metadata, files, fields)]);
    const columns = this.#schema.fields.map(({ name }) => quoteIdentifier(name));
    const lineage = this.#lineage
      ? [
          `coalesce(${ROW_ID_FIELD.name}, ${itemOf(this.#firstRowIds(files), FILE.name)} + ${POSITION.name}) AS ${ROW_ID_FIELD.name}`,
          `coalesce(${LAST_UPDATED_FIELD.name}, ${itemOf(
            files.map(({ planned }) => planned.sequenceNumber),
            FILE.name,
          )}) AS ${LAST_UPDATED_FIELD.name}`,
        ]
      : [];
    const indexes = itemOf(
      files.map(({ index }) => BigInt(index)),
      FILE.name,
    );
    // NOT IN keeps the rows in the files' order, which an anti join may not.
    return `SELECT ${[...columns, ...lineage].join(', ')} FROM ${KEPT}
      WHERE ${indexes} * ${FILE_STRIDE} + ${POSITION.name} NOT IN
        (SELECT ${CHANGE.file} * ${FILE_STRIDE} + ${CHANGE.position} FROM ${CHANGES} WHERE ${isOfRow()})`;
  }

  #keptScan(
    metadata: TableMetadata,
    files: readonly TouchedFile[],
    fields: readonly NestedField[],
  ): ExecutableScan {
    const constants = new FileConstants(metadata);
    return {
      view: KEPT,
      columns: scanColumnsOf(fields),
      files: files.map(({ planned, executable: { path, rows, deleted } }) => ({
        path,
        rows,
        ...present({ deleted, constants: constants.of(planned.file, fields) ?? undefined }),
      })),
      file: FILE.name,
      position: POSITION.name,
    };
  }

  #firstRowIds(files: readonly TargetFile[]): readonly (bigint | null)[] {
    return files.map(({ planned }) => planned.file.firstRowId ?? null);
  }
}

function isOfRow(): string {
  return `${CHANGE.action} <> ${ACTION.insert}`;
}

/** The item of a list of constants that a column is the index of. */
function itemOf(items: readonly (bigint | null)[], index: string): string {
  return `list_extract([${items.map((item) => item ?? 'NULL').join(', ')}]::BIGINT[], ${index} + 1)`;
}
