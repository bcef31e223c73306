import { isAppError, AppError } from '#shared/errors/app-error.ts';
import { icebergTypeFromDuckDb } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import {
  formatType,
  isPrimitive,
  parsePrimitive,
  type IcebergType,
  type NestedField,
} from '#shared/iceberg/types.ts';
import { isPromotion } from './type-promotion.ts';

/** A column of the rows to be written. */
export interface IncomingColumn {
  readonly name: string;
  /** DuckDB type, as DESCRIBE prints it. */
  readonly sqlType: string;
  /** Whether it may hold null; absent where that is not known before the rows are. */
  readonly nullable?: boolean;
}

export interface SchemaMisfit {
  /** Path with dots. */
  readonly column: string;
  /** What the table has; null: no such column. */
  readonly expected: string | null;
  /** What the rows have; null: no such column. */
  readonly got: string | null;
  readonly reason: string;
}

export interface ColumnFit {
  readonly misfits: readonly SchemaMisfit[];
  /**
   * The incoming columns with the table's own type wherever that holds their values: what unionByName adds to the
   * table where `mergeSchema` is asked for.
   */
  readonly fields: readonly NestedField[];
}

export interface FitOptions {
  readonly formatVersion: FormatVersion;
  /** The table may get new columns and wider types: those are no misfits then. */
  readonly mergeSchema: boolean;
}

/**
 * Whether rows fit a table, and if not, everything that does not. A value may be cast to a type that holds it
 * exactly: an integer to a wider one, a decimal to more digits, a date to the timestamp of its midnight. Columns
 * are matched by name without regard to case, as DuckDB does. A column that the rows lack is null, unless the
 * table requires it.
 */
export function fitColumns(
  schema: Pick<Schema, 'fields'>,
  columns: readonly IncomingColumn[],
  options: FitOptions,
): ColumnFit {
  const misfits: SchemaMisfit[] = [];
  const incoming: NestedField[] = [];
  const seen = new Set<string>();
  for (const { name, sqlType, nullable } of columns) {
    const known = match(schema.fields, name);
    const expected = known === undefined ? null : formatType(known.type);
    if (seen.has(name.toLowerCase())) {
      misfits.push({
        column: name,
        expected,
        got: sqlType,
        reason: 'the rows have two columns of that name',
      });
      continue;
    }
    seen.add(name.toLowerCase());
    const type = typeOf(sqlType, known);
    if (typeof type === 'object' && 'problem' in type) {
      misfits.push({ column: name, expected, got: sqlType, reason: type.problem });
      continue;
    }
    incoming.push({ id: 0, name, required: nullable === false, type: type.type });
    if (known?.required === true && nullable === true && !options.mergeSchema) {
      misfits.push({
        column: name,
        expected: `${expected} not null`,
        got: sqlType,
        reason: 'the table requires a value, and the rows may have none',
      });
    }
  }
  const fields = fitFields(schema.fields, incoming, [], options, misfits);
  // What is not known to be nullable is no wish to have the table's column so.
  const wished = fields.map((field) => {
    const nullable = columns.find((column) => column.name === field.name)?.nullable;
    const known = match(schema.fields, field.name);
    return known === undefined || nullable === true ? field : { ...field, required: known.required };
  });
  return { misfits, fields: wished };
}

/** @throws SCHEMA_MISMATCH with every misfit in its context, where there is any */
export function assertFits(misfits: readonly SchemaMisfit[], table: string): void {
  if (misfits.length === 0) return;
  const sentences = misfits.map(({ column, expected, got, reason }) =>
    expected === null || got === null
      ? `'${column}': ${reason}`
      : `'${column}' is ${got} and not ${expected}: ${reason}`,
  );
  throw new AppError(
    'SCHEMA_MISMATCH',
    `${misfits.length === 1 ? 'One column does' : `${misfits.length} columns do`} not fit ${table}. ${sentences.join('; ')}.`,
    { context: { table, misfits } },
  );
}

function typeOf(
  sqlType: string,
  known: NestedField | undefined,
): { readonly type: IcebergType } | { readonly problem: string } {
  // NULL AS x has no type of its own and fits any.
  if (known !== undefined && /^"?NULL"?$/i.test(sqlType)) return { type: known.type };
  try {
    return { type: icebergTypeFromDuckDb(sqlType) };
  } catch (error) {
    if (isAppError(error, 'UNSUPPORTED') || isAppError(error, 'INVALID_INPUT'))
      return { problem: error.message.replace(/\.$/, '') };
    throw error;
  }
}

function match(fields: readonly NestedField[], name: string): NestedField | undefined {
  const folded = name.toLowerCase();
  return (
    fields.find((field) => field.name === name) ?? fields.find((field) => field.name.toLowerCase() === folded)
  );
}

function fitFields(
  table: readonly NestedField[],
  incoming: readonly NestedField[],
  parents: readonly string[],
  options: FitOptions,
  misfits: SchemaMisfit[],
): readonly NestedField[] {
  const pathOf = (name: string) => [...parents, name].join('.');
  for (const field of table) {
    if (!field.required || field.writeDefault !== undefined || match(incoming, field.name) !== undefined)
      continue;
    if (misfits.some((misfit) => misfit.column.toLowerCase() === pathOf(field.name).toLowerCase())) continue;
    misfits.push({
      column: pathOf(field.name),
      expected: formatType(field.type),
      got: null,
      reason: 'the table requires it, and the rows do not have it',
    });
  }
  return incoming.map((field) => {
    const known = match(table, field.name);
    if (known !== undefined) {
      const type = fitType(known.type, field.type, [...parents, field.name], options, misfits);
      // DuckDB does not say of a field in a struct whether it may be null; that is no wish to have it so.
      return { ...field, required: parents.length === 0 ? field.required : known.required, type };
    }
    if (!options.mergeSchema) {
      misfits.push({
        column: pathOf(field.name),
        expected: null,
        got: formatType(field.type),
        reason: 'the table has no such column',
      });
    }
    return field;
  });
}

function fitType(
  table: IcebergType,
  incoming: IcebergType,
  path: readonly string[],
  options: FitOptions,
  misfits: SchemaMisfit[],
): IcebergType {
  const refuse = (reason: string): IcebergType => {
    misfits.push({
      column: path.join('.'),
      expected: formatType(table),
      got: formatType(incoming),
      reason,
    });
    return table;
  };
  if (isPrimitive(table) || isPrimitive(incoming)) {
    if (!isPrimitive(table) || !isPrimitive(incoming)) return refuse('one is nested and the other is not');
    if (holds(table, incoming)) return table;
    if (options.mergeSchema && isPromotion(table, incoming, options.formatVersion)) return incoming;
    return refuse('not every value can be kept as it is; cast it in the query');
  }
  if (table.type === 'struct' && incoming.type === 'struct') {
    return { type: 'struct', fields: fitFields(table.fields, incoming.fields, path, options, misfits) };
  }
  if (table.type === 'list' && incoming.type === 'list') {
    const element = fitType(table.element, incoming.element, [...path, 'element'], options, misfits);
    return { ...incoming, elementRequired: table.elementRequired, element };
  }
  if (table.type === 'map' && incoming.type === 'map') {
    const key = fitType(table.key, incoming.key, [...path, 'key'], options, misfits);
    const value = fitType(table.value, incoming.value, [...path, 'value'], options, misfits);
    return { ...incoming, key, valueRequired: table.valueRequired, value };
  }
  return refuse('they are nested in different ways');
}

/** Digits that every integer of a type has room in. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { int: 10, long: 19 };

/** Whether a cast from one type to the other keeps every value exactly. */
function holds(table: string, incoming: string): boolean {
  if (table === incoming) return true;
  const [to, from] = [parsePrimitive(table), parsePrimitive(incoming)];
  if (from.kind === 'unknown') return true;
  switch (to.kind) {
    case 'long':
      return from.kind === 'int';
    case 'double':
      return from.kind === 'int' || from.kind === 'float';
    case 'decimal': {
      const whole = to.precision - to.scale;
      if (from.kind === 'decimal') return from.scale <= to.scale && from.precision - from.scale <= whole;
      return whole >= (INTEGER_DIGITS[from.kind] ?? Infinity);
    }
    case 'timestamp':
      return from.kind === 'date';
    case 'timestamptz_ns':
      // In DuckDB these are one type.
      return from.kind === 'timestamp_ns';
    default:
      return false;
  }
}
