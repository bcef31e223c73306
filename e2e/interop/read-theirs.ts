import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Expression, LiteralValue } from '#shared/iceberg/expression.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { canonicalRow } from './canonical.ts';

/** A filter as write_tables.py gives it: [op, column, values…] or [and | or, tree, tree]. */
export interface FilterTree extends ReadonlyArray<string | FilterTree> {}

export interface TheirScan {
  readonly theirs: string | null;
  readonly ours: FilterTree | null;
  readonly snapshotId: string | null;
  readonly files: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

export interface TheirTable {
  readonly name: string;
  readonly metadataLocation: string;
  readonly scans: readonly TheirScan[];
}

/** Plans one of PyIceberg's scans with our code and reads the planned files with DuckDB, by field id. */
export async function scanWithOurs(
  connection: DuckDBConnection,
  io: FileIO,
  table: TheirTable,
  scan: TheirScan,
): Promise<{ files: readonly string[]; rows: readonly (readonly unknown[])[] }> {
  const { metadata } = await loadTable(io, table.metadataLocation);
  const snapshotId = scan.snapshotId === null ? {} : { snapshotId: BigInt(scan.snapshotId) };
  const { schema } = await planFiles({ io, metadata, ...snapshotId });
  const filter = scan.ours === null ? {} : { filter: expressionOf(scan.ours, schema) };
  const plan = await planFiles({ io, metadata, ...snapshotId, ...filter });
  const files = plan.files.map(({ file }) => file.filePath);
  if (files.length === 0) return { files, rows: [] };

  const columns = schema.fields.map(
    (f) =>
      `${f.id}: {name: '${f.name.replaceAll("'", "''")}', type: '${duckDbTypeOf(f.type)}', default_value: NULL}`,
  );
  const list = files.map((file) => `'${new URL(file).pathname}'`).join(', ');
  const read = await connection.runAndReadAll(
    `SELECT * FROM read_parquet([${list}], schema = MAP {${columns.join(', ')}}) WHERE ${scan.theirs ?? 'true'}`,
  );
  const types = read.columnTypes().map(String);
  return { files, rows: read.getRows().map((row) => canonicalRow(row, types)) };
}

function expressionOf([op, ...rest]: FilterTree, schema: Schema): Expression {
  if (op === 'and' || op === 'or') {
    const [left, right] = rest.map((part) => expressionOf(part as FilterTree, schema));
    if (left === undefined || right === undefined) throw new TypeError(`'${op}' needs two sides`);
    return { op, left, right };
  }
  const [column, ...texts] = rest as readonly string[];
  const field = findFieldByName(schema, column ?? '');
  if (field === undefined || !isPrimitive(field.type)) throw new TypeError(`no column ${column}`);
  const type = field.type;
  const values = texts.map((text): LiteralValue => {
    const value = parseValueText(type, text);
    if (value === null) throw new TypeError(`'${text}' is no ${type}`);
    return value;
  });
  const fieldId = field.id;
  switch (op) {
    case 'is-null':
    case 'not-null':
      return { op, fieldId };
    case 'in':
      return { op, fieldId, values };
    case 'eq':
    case 'lt':
    case 'lt-eq':
    case 'gt':
    case 'gt-eq':
    case 'starts-with': {
      const [value] = values;
      if (value !== undefined) return { op, fieldId, value };
      break;
    }
    default:
      break;
  }
  throw new TypeError(`no filter '${JSON.stringify(op)}'`);
}
