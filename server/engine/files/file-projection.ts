import type { ScanColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { initialDefaultSql } from '#shared/iceberg/files/default-sql.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { duckDbTypeOfFile, type FileField, type FileType } from '#shared/iceberg/files/file-shape.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { projectedSql, projectFile } from '#shared/iceberg/files/projection.ts';
import { hasIds, resolveFields } from '#shared/iceberg/files/resolve-fields.ts';
import { formatType, isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { FileShape } from './parquet-footers.ts';

/** How read_parquet gives one file's values of a scan's columns. */
export interface FileProjection {
  /** Columns are found by field id, so files of different shapes may be read at once; else by their names. */
  readonly byId: boolean;
  /** One for each column of the scan. */
  readonly columns: readonly ColumnProjection[];
}

export interface ColumnProjection {
  /** What the reader calls it: `heldName` where it is found by field id; null: it is not read. */
  readonly name: string | null;
  /** The type in which the reader gives it; '' where it is not read. */
  readonly readAs: string;
  /** Over that name; of the column's type. */
  readonly sql: string;
}

/** Columns must not hide DuckDB's own file_row_number and file_index. */
export function heldName(fieldId: number): string {
  return `c${fieldId}`;
}

/** Of a file that has every column as the table has it, or NULL; what is only renamed or promoted is that, too. */
export function plainProjection(columns: readonly ScanColumn[]): FileProjection {
  return { byId: true, columns: columns.map(plainColumn) };
}

function plainColumn({ fieldId, sqlType }: ScanColumn): ColumnProjection {
  const name = heldName(fieldId);
  return { name, readAs: sqlType, sql: name };
}

/** A value that no file is read for. */
function constantColumn(sql: string): ColumnProjection {
  return { name: null, readAs: '', sql };
}

/**
 * The same values by the file's own names, where its columns have the table's types as they come or as a wider number;
 * else null. Found by field id, DuckDB does not know before it opens a file how many rows and row groups there are and
 * what their bounds are: it joins in a bad order, and reads one file in one thread.
 */
export function projectByNames(
  { byId, columns: ways }: FileProjection,
  shape: FileShape,
  columns: readonly ScanColumn[],
): FileProjection | null {
  if (!byId || shape.ambiguous || shape.fields.some(({ name }) => hidesPositions(name))) return null;
  const fields = new Map(shape.fields.map((field) => [field.id, field]));
  const named: ColumnProjection[] = [];
  for (const [at, column] of columns.entries()) {
    const way = ways[at];
    const field = fields.get(column.fieldId);
    if (way === undefined || way.name === null) {
      named.push(way ?? constantColumn(initialDefaultSql(column)));
    } else if (field === undefined) {
      named.push(constantColumn(`CAST(NULL AS ${column.sqlType})`));
    } else {
      const readAs = duckDbTypeOfFile(field.type);
      const projection = projectFile(field.type, column.type);
      const isSame = readAs === column.sqlType && projection.kind === 'cast';
      if (!isSame && !(projection.kind === 'cast' && WIDENED.test(column.sqlType))) return null;
      const name = quoteIdentifier(field.name);
      named.push({
        name: field.name,
        readAs,
        sql: isSame ? name : projectedSql(projection, name, column.type),
      });
    }
  }
  return { byId: false, columns: named };
}

const WIDENED = /^(?:INTEGER|BIGINT|DOUBLE|DECIMAL\(\d+,\d+\))$/;

/** DuckDB's own columns, which tell rows apart, can't be read from a file that has one of the name. */
export function hidesPositions(name: string): boolean {
  return /^(?:file_row_number|file_index)$/i.test(name);
}

/**
 * @param constants SQL by field id, for columns that a file of this shape may lack
 * @throws CORRUPT_FILE naming file and column, where the file has something there that is not of the table's type;
 *   UNSUPPORTED where DuckDB can't read it
 */
export function projectColumns(
  path: string,
  shape: FileShape,
  columns: readonly ScanColumn[],
  nameMapping: NameMapping | null,
  constants: Readonly<Record<string, string>>,
): FileProjection {
  const byId = hasIds(shape.fields);
  const wanted = columns.map(({ fieldId, type }) => ({ id: fieldId, type }));
  const fields = new Map(resolveFields(shape.fields, nameMapping, wanted).map((field) => [field.id, field]));
  if (!byId && nameMapping === null && !columns.some(({ fieldId }) => fields.has(fieldId)))
    throw foreign(path);
  return {
    byId,
    columns: columns.map((column): ColumnProjection => {
      if (column.type === 'unknown') return constantColumn(initialDefaultSql(column));
      const field = fields.get(column.fieldId);
      if (field === undefined) {
        const constant = constants[column.fieldId];
        if (constant !== undefined) return constantColumn(constant);
        // A plain NULL is left to the reader, so that such files are read with those that have the column.
        if (byId && (column.initialDefault ?? null) === null) return plainColumn(column);
        return constantColumn(initialDefaultSql(column));
      }
      const projection = projectFile(field.type, column.type);
      if (projection.kind === 'unfit') throw unfit(path, column, field, projection.found);
      if (byId && projection.kind === 'cast' && !isOtherType(field.type, column)) return plainColumn(column);
      if (byId) {
        const name = heldName(column.fieldId);
        return {
          name,
          readAs: duckDbTypeOfFile(field.type),
          sql: projectedSql(projection, name, column.type),
        };
      }
      if (isHidden(field, shape)) throw ambiguous(path, field);
      return {
        name: field.name,
        readAs: duckDbTypeOfFile(field.type),
        sql: projectedSql(projection, quoteIdentifier(field.name), column.type),
      };
    }),
  };
}

/**
 * Whether the file's values are to be given in its own type, and made the table's by SQL. Told to give a column of a file in
 * a wider type, the reader refuses the filters that a join makes while it runs.
 */
function isOtherType(file: FileType, { type, sqlType }: ScanColumn): boolean {
  return isNarrowed(file, type) || (file.kind === 'leaf' && duckDbTypeOfFile(file) !== sqlType);
}

/**
 * Whether a value of the table's type may be another one in the file's. Told to give such a column in the table's type,
 * the reader makes a filter's constants values of the file's type, and compares with what they are then: of
 * `d < TIMESTAMP '2024-01-01 12:00'` over a DATE it makes `d < DATE '2024-01-01'`, and of 0.1 over a FLOAT another number.
 */
function isNarrowed(file: FileType, wanted: IcebergType): boolean {
  switch (file.kind) {
    case 'leaf': {
      const { sqlType } = file;
      const times = sqlType === 'DATE' || sqlType.startsWith('TIME');
      return (sqlType === 'FLOAT' || times) && isPrimitive(wanted) && duckDbTypeOf(wanted) !== sqlType;
    }
    case 'struct':
      return (
        !isPrimitive(wanted) &&
        wanted.type === 'struct' &&
        wanted.fields.some(({ id, type }) => {
          const inside = file.fields.find((field) => field.id === id);
          return inside !== undefined && isNarrowed(inside.type, type);
        })
      );
    // Filters do not reach into these.
    default:
      return false;
  }
}

/** DuckDB gives a column another name where names differ in case at most. */
function isHidden(field: FileField, shape: FileShape): boolean {
  const folded = field.name.toLowerCase();
  return shape.ambiguous && shape.fields.filter(({ name }) => name.toLowerCase() === folded).length > 1;
}

function foreign(path: string): AppError {
  return new AppError(
    'CORRUPT_FILE',
    `The file ${path} is not the table's: its columns have no Iceberg field ids, and fewer than the table's first. Restore it, or set schema.name-mapping.default.`,
    { context: { path } },
  );
}

function unfit(path: string, column: ScanColumn, field: FileField, found: string): AppError {
  const type = formatType(column.type);
  const context = { path, column: column.name };
  if (type.includes('variant'))
    return new AppError(
      'UNSUPPORTED',
      `The file ${path} holds the column "${field.name}" as ${found}, without Parquet's VARIANT mark, which reading ${type} needs. Leave the column ${column.name} out, or rewrite the file.`,
      { context },
    );
  if (type.includes('timestamptz_ns') && found.includes('TIME ZONE'))
    return new AppError(
      'UNSUPPORTED',
      `The file ${path} holds nanoseconds in UTC in the column "${field.name}", which would be cut to microseconds here. Leave the column ${column.name} out.`,
      { context },
    );
  return new AppError(
    'CORRUPT_FILE',
    `The file ${path} does not fit its table: its column "${field.name}" is ${found} where ${column.name} is ${type}. Restore the file.`,
    { context },
  );
}

function ambiguous(path: string, field: FileField): AppError {
  return new AppError(
    'UNSUPPORTED',
    `The file ${path} has several columns named "${field.name}" but for upper and lower case, which DuckDB can't tell apart. Rewrite the file.`,
    { context: { path, column: field.name } },
  );
}
