import { AppError } from '#shared/errors/app-error.ts';
import {
  formatType,
  isPrimitive,
  parsePrimitive,
  type IcebergType,
  type NestedField,
} from '#shared/iceberg/types.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import type { SchemaMisfit } from '../iceberg/evolution/fit-columns.ts';
import type { DuckDbFileStats } from '../iceberg/transaction/duckdb-stats.ts';
import type { CopyParquetInput } from './copy-parquet.ts';

/** A place of the schema that needs a value, or one of a length, as it is looked at in rows that were written. */
interface RequiredPlace {
  /** With dots; `element`, `key` and `value` in lists and maps. */
  readonly column: string;
  readonly type: IcebergType;
  /** SQL: whether a row lacks a value there, or has one that does not fit. */
  readonly lacks: string;
  /** Under which the file's statistics count its nulls; absent inside of lists. */
  readonly statistics?: string;
  /** What a row has there that does not fit; absent where it has nothing. */
  readonly misfit?: string;
}

/**
 * @param run where the file can be read
 * @throws SCHEMA_MISMATCH with every required column, field, element and value that a row has none for, and every
 *   `fixed[n]` of which a row has another length (context.misfits)
 */
export async function assertRequired(
  fields: readonly NestedField[],
  stats: DuckDbFileStats,
  run: CopyParquetInput['run'],
): Promise<void> {
  const open = requiredPlaces(fields).filter(({ statistics, type }) => {
    const counted = statistics !== undefined && isPrimitive(type) ? stats.columns.get(statistics) : undefined;
    return counted?.nullCount !== 0n;
  });
  if (open.length === 0) return;
  const counts = open.map(({ lacks }, index) => `count(*) FILTER (WHERE ${lacks}) AS n${index}`);
  const [row = {}] = await run(
    `SELECT ${counts.join(', ')} FROM read_parquet(${quoteLiteral(stats.filename)}, hive_partitioning = false)`,
  );
  const lacking = open.flatMap(({ column, type, misfit }, index) => {
    const rows = BigInt(String(row[`n${index}`]));
    return rows === 0n ? [] : [{ column, type, rows, misfit }];
  });
  if (lacking.length === 0) return;
  const sentences = lacking.map(
    ({ column, type, rows, misfit }) =>
      `The column ${column} is ${misfit === undefined ? 'required' : formatType(type)}, but ${rows} ${rows === 1n ? 'row has' : 'rows have'} ${misfit ?? 'no value'} there.`,
  );
  const misfits = lacking.map(({ column, type, rows, misfit }): SchemaMisfit => ({
    column,
    expected: misfit === undefined ? `${formatType(type)} not null` : formatType(type),
    got: misfit === undefined ? 'null' : 'binary',
    reason: `${rows} rows have ${misfit ?? 'no value'} there`,
  }));
  throw new AppError('SCHEMA_MISMATCH', sentences.join(' '), {
    context: { column: lacking[0]?.column, misfits },
  });
}

function requiredPlaces(fields: readonly NestedField[]): readonly RequiredPlace[] {
  return fields.flatMap((field) => {
    if (field.type === 'unknown') return [];
    const value = quoteIdentifier(field.name);
    const inner = placesIn(field.type, value, field.name, 0, value);
    if (!field.required) return inner;
    const { name: column, type } = field;
    return [{ column, type, lacks: `${value} IS NULL`, statistics: value }, ...inner];
  });
}

/** @param depth of lambdas; each has a name of its own */
function placesIn(
  type: IcebergType,
  value: string,
  path: string,
  depth: number,
  statistics?: string,
): readonly RequiredPlace[] {
  if (isPrimitive(type)) {
    const primitive = parsePrimitive(type);
    if (primitive.kind !== 'fixed') return [];
    const lacks = `octet_length(${value}) <> ${primitive.length}`;
    return [{ column: path, type, lacks, misfit: 'bytes of another length' }];
  }
  switch (type.type) {
    case 'struct':
      return type.fields.flatMap((field) => {
        if (field.type === 'unknown') return [];
        const name = quoteIdentifier(field.name);
        const column = `${path}.${field.name}`;
        const own = `struct_extract(${value}, ${quoteLiteral(field.name)})`;
        const counted = statistics === undefined ? undefined : `${statistics}.${name}`;
        const inner = placesIn(field.type, own, column, depth, counted);
        if (!field.required) return inner;
        const lacks = `${value} IS NOT NULL AND ${own} IS NULL`;
        const place = { column, type: field.type, lacks };
        return [counted === undefined ? place : { ...place, statistics: counted }, ...inner];
      });
    case 'list':
      return itemsIn(type.element, type.elementRequired, value, `${path}.element`, depth);
    case 'map':
      return [
        // A map's keys are never null.
        ...itemsIn(type.key, false, `map_keys(${value})`, `${path}.key`, depth),
        ...itemsIn(type.value, type.valueRequired, `map_values(${value})`, `${path}.value`, depth),
      ];
  }
}

/** Of a list's items: a row lacks a value where one of them does. */
function itemsIn(
  type: IcebergType,
  required: boolean,
  list: string,
  column: string,
  depth: number,
): readonly RequiredPlace[] {
  const item = `item${depth}`;
  const own = required ? [{ column, type, lacks: `${item} IS NULL` }] : [];
  return [...own, ...placesIn(type, item, column, depth + 1)].map((place) => ({
    ...place,
    lacks: `len(list_filter(${list}, lambda ${item}: ${place.lacks})) > 0`,
  }));
}
