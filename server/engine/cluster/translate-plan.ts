import type { Scan } from '#shared/contract/plan.ts';
import { parseDuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { quoteIdentifier, quoteQualifiedName } from '#shared/sql/quoting.ts';
import { isNode, nodesOf, type AstNode } from '../analyze/ast.ts';
import { hasUnnamed, isScalar, trinoType } from './bound-type.ts';
import type { Operand } from './expression.ts';
import { translateOperator } from './operators.ts';
import { refuse } from './refuse.ts';
import { aliased, emptyRelation, Names, relation, selectSql, type Relation } from './relation.ts';
import type { Translation } from './translation.ts';
import { transportSql } from './transport.ts';
import { schemaOfSnapshot, snapshotById } from '../../iceberg/metadata/lookup.ts';

/** A table as one query reads it, and where Trino finds it. */
export interface ClusterTable {
  readonly scan: Pick<Scan, 'table' | 'snapshotId' | 'columns'>;
  readonly metadata: TableMetadata;
  /** Parts of its name in Trino: catalog, schema, table. */
  readonly name: readonly string[];
}

/** Deepest nesting that is known to be read by Trino; its own limit is a stack. */
const LONGEST_SQL = 900_000;
/** Trino reads the tables of these versions whole. */
const FORMAT_VERSIONS = new Set([1, 2]);

/**
 * The SQL of Trino for a query, from DuckDB's bound plan of it: there types, casts and names are no matter of opinion any
 * more. Its values come as `transport.ts` has them.
 *
 * @param tableOf the table that a scan of DuckDB's stands for, and which of its columns one is
 * @throws UNSUPPORTED with what of it is not known to have the same answer there
 */
export function translatePlan(
  plan: AstNode,
  tableOf: (name: string) => ClusterTable,
  columnOf: (name: string) => number,
): string {
  const [root, ...more] = nodesOf(plan['plans']);
  if (root === undefined || more.length > 0) return refuse('its plan is none that is known');
  const names = new Names();
  const shared: Translation = {
    rowsOf: translateOperator,
    names,
    scan: (name: string, columns: readonly string[]) =>
      scanTable(
        tableOf(name),
        columns.map((column) => (column === '' ? null : columnOf(column))),
        names,
      ),
    with: [],
    ctes: new Map(),
    outer: null,
  };
  const rows = translateOperator(root, shared);
  // A row of Trino's is read by the names of its fields.
  if (rows.columns.some(({ type }) => hasUnnamed(type)))
    return refuse('it gives structs without names, which are not on the cluster');
  const items = rows.columns.map(({ sql, type }, at) => `${transportSql(sql, type)} AS r${at}`);
  const before = shared.with.length === 0 ? '' : `WITH ${shared.with.join(', ')} `;
  const sql = `${before}${selectSql(rows, items)}`;
  return sql.length > LONGEST_SQL ? refuse('it would be too long for the cluster') : sql;
}

function scanTable(table: ClusterTable, columns: readonly (number | null)[], names: Names): Relation {
  const { scan, metadata, name } = table;
  if (!FORMAT_VERSIONS.has(metadata.formatVersion))
    return refuse(
      `${scan.table} is a table of version ${metadata.formatVersion}, which the cluster does not read whole`,
    );
  const { fields } =
    scan.snapshotId === undefined
      ? { fields: null }
      : schemaOfSnapshot(metadata, snapshotById(metadata, BigInt(scan.snapshotId)));
  const values = columns.map((at): Operand => {
    // The number of a row, where rows are counted.
    if (at === null) return { sql: "bigint '0'", type: { kind: 'name', name: 'BIGINT' } };
    return columnSql(scan, at, fields);
  });
  if (scan.snapshotId === undefined)
    return emptyRelation(
      values.map(({ type }) => type),
      names,
    );
  const { columns: outputs, items } = aliased(values, names);
  const from = `${quoteQualifiedName(name)} FOR VERSION AS OF ${scan.snapshotId}`;
  return relation(`(SELECT ${items.join(', ')} FROM ${from})`, outputs);
}

/**
 * A column by its field id: Trino reads a snapshot with the names and types that it was written with.
 *
 * @param fields of the snapshot; null where there is none
 */
function columnSql(scan: ClusterTable['scan'], at: number, fields: readonly NestedField[] | null): Operand {
  const column = scan.columns[at];
  if (column === undefined || fields === null) return untyped(column?.sqlType);
  const type = parseDuckDbType(column.sqlType);
  const target = trinoType(type);
  const field = fields.find(({ id }) => id === column.fieldId);
  if (field === undefined) {
    if (column.initialDefault !== undefined && column.initialDefault !== null)
      return refuse(`${column.name} of ${scan.table} has a default that the cluster does not know`);
    return { sql: `CAST(NULL AS ${target})`, type };
  }
  const lower = field.name.toLowerCase();
  if (fields.filter((each) => each.name.toLowerCase() === lower).length > 1)
    return refuse(`${scan.table} has columns that differ by case alone`);
  const written = trinoType(parseDuckDbType(duckDbTypeOf(field.type)));
  const sql = quoteIdentifier(lower);
  if (written === target) return { sql, type };
  return isScalar(type)
    ? { sql: `CAST(${sql} AS ${target})`, type }
    : refuse(`${column.name} of ${scan.table} had another type when its rows were written`);
}

function untyped(sqlType: string | undefined): Operand {
  if (sqlType === undefined) return refuse('it reads a column that is not there');
  const type = parseDuckDbType(sqlType);
  return { sql: `CAST(NULL AS ${trinoType(type)})`, type };
}

const NOT_JSON = /"value":(-?(?:Infinity|NaN|nan|inf))(?=[,}\]])/g;

/** DuckDB's serialized plan; numbers that JSON has not, as text. */
export function readSerializedPlan(text: string, parse: (text: string) => unknown): AstNode {
  const root = parse(text.replaceAll(NOT_JSON, '"value":"$1"')) as AstNode;
  if (!isNode(root) || root['error'] === true) return refuse('its plan can’t be read');
  return root;
}
