import type { ResultColumn } from '#shared/contract/plan.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import { formatPrimitive, parsePrimitive, type Primitive } from '#shared/iceberg/types.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { evolveSchema } from '../../iceberg/evolution/evolve-schema.ts';
import { assertFits, fitColumns, type SchemaMisfit } from '../../iceberg/evolution/fit-columns.ts';
import { unionByName } from '../../iceberg/evolution/union-by-name.ts';
import { incomingColumns } from './incoming-columns.ts';

export interface InsertFit {
  /** Of the rows, each called as the column of the table that it is for. */
  readonly columns: readonly ResultColumn[];
  readonly metadata: TableMetadata;
  /** The table may get new columns and wider types. */
  readonly mergeSchema: boolean;
  /** What errors call the table. */
  readonly table: string;
}

/**
 * What a table's schema has to become for the rows of an INSERT to fit; nothing where they fit as they are. Rows may
 * be cast where that keeps every value, or fails on the one that it can't keep.
 *
 * @throws SCHEMA_MISMATCH with everything that does not fit (context.misfits)
 */
export function fitInsert({ columns, metadata, mergeSchema, table }: InsertFit): TableChange {
  const schema = currentSchema(metadata);
  const { formatVersion } = metadata;
  const { misfits, fields } = fitColumns(schema, incomingColumns(columns), { formatVersion, mergeSchema });
  assertFits(
    misfits.filter((misfit) => !isCheckedCast(misfit)),
    table,
  );
  return mergeSchema
    ? unionByName(evolveSchema(metadata), fields).change()
    : { updates: [], requirements: [] };
}

const PARSED = new Set(['boolean', 'date', 'time', 'timestamp', 'timestamptz', 'timestamp_ns', 'uuid']);

/**
 * Whether DuckDB's cast fails on a value that the type has no room for, and never rounds one: count(*) into INTEGER,
 * sum(…) into BIGINT, a literal into DECIMAL, a text into DATE.
 */
function isCheckedCast({ expected, got }: SchemaMisfit): boolean {
  // DuckDB describes a NULL as INTEGER: whether it can become the column's type is for the cast to say.
  if (expected !== null && got === 'int') return true;
  const [to, from] = [primitiveOf(expected), primitiveOf(got)];
  if (to === null || from === null) return false;
  // DuckDB has fewer types than Iceberg: then nothing is cast.
  if (duckDbTypeOf(formatPrimitive(to)) === duckDbTypeOf(formatPrimitive(from))) return true;
  if (from.kind === 'string') return PARSED.has(to.kind);
  switch (to.kind) {
    case 'int':
      return from.kind === 'long' || (from.kind === 'decimal' && from.scale === 0);
    case 'long':
      return from.kind === 'decimal' && from.scale === 0;
    case 'decimal':
      return from.kind === 'long' || (from.kind === 'decimal' && from.scale <= to.scale);
    // So many digits come back from it as they were.
    case 'double':
      return from.kind === 'decimal' && from.precision <= 15;
    case 'float':
      return from.kind === 'decimal' && from.precision <= 6;
    case 'timestamp_ns':
      return from.kind === 'timestamp';
    case 'variant':
      return true;
    default:
      return false;
  }
}

/** Null for what is nested, and for a type of DuckDB's that Iceberg has not. */
function primitiveOf(text: string | null): Primitive | null {
  try {
    return text === null ? null : parsePrimitive(text);
  } catch (error) {
    if (isAppError(error, 'INVALID_INPUT')) return null;
    throw error;
  }
}
