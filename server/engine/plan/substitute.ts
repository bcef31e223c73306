import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { opaqueSql } from '#shared/sql/opaque.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import type { ScanUse } from './explain.ts';
import type { ScanSource } from './scan-source.ts';

/**
 * Columns that have to be there for the query to mean the same, in the table's order: those that are read, and
 * those that are only named, or might be by `*`.
 */
export function exposedFields(
  analyzed: AnalyzedSql,
  schema: Schema | undefined,
  read: readonly NestedField[],
): readonly NestedField[] {
  const { names, unnamedColumns } = analyzed.usage;
  const ids = new Set(read.map((field) => field.id));
  return (schema?.fields ?? []).filter(
    (field) => ids.has(field.id) || unnamedColumns || names.has(field.name.toLowerCase()),
  );
}

/** The fields behind ScanUse.guarded, by their ids. */
export function guardedFields(
  use: ScanUse | null | undefined,
  schema: Schema | undefined,
): ReadonlySet<number> {
  const fields = [...(use?.guarded ?? [])].flatMap((index) => schema?.fields[index] ?? []);
  return new Set(fields.map((field) => field.id));
}

/**
 * The view itself where it has every column and none is guarded; otherwise the view with NULL for columns whose values
 * do not matter. A guarded column is an expression that is always its value, and that DuckDB does not look through.
 */
export function substitute(
  source: ScanSource,
  { exposed, guarded }: { readonly exposed: readonly NestedField[]; readonly guarded: ReadonlySet<number> },
): string {
  const view = quoteIdentifier(source.scan.view);
  const read = new Set(source.fields.map((field) => field.id));
  if (guarded.size === 0 && exposed.length === source.fields.length) return view;
  const items = exposed.map((field) => {
    const name = quoteIdentifier(field.name);
    if (!read.has(field.id)) return `NULL::${duckDbTypeOf(field.type)} AS ${name}`;
    return guarded.has(field.id) ? `${opaqueSql(name)} AS ${name}` : name;
  });
  return `(SELECT ${items.join(', ')} FROM ${view})`;
}
