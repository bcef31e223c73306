import type { Schema } from '#shared/iceberg/schema.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField, StructType } from '#shared/iceberg/types.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import { isNode, locationOf, nodesOf, textOf, walkAst, type AstNode } from '../analyze/ast.ts';
import { sqlError } from '../analyze/parse.ts';
import type { Splice } from '../analyze/splices.ts';
import { typedPartitionFields } from '../../iceberg/manifest/partition-type.ts';
import { LAST_UPDATED_FIELD, ROW_ID_FIELD } from '../dml/row-columns.ts';
import { utf16Offset } from '#shared/sql/positions.ts';
import type { ResolvedTable } from './scan-source.ts';

/*
 * Columns that say of a row where it is, with the names and ids that the spec keeps for them. They are there for who
 * names them and are not among those of `*`, as in Spark.
 */

/** Location of the row's data file. */
export const FILE_COLUMN: NestedField = { id: 2147483646, name: '_file', required: false, type: 'string' };
/** The row's place in there, from 0. */
export const POS_COLUMN: NestedField = { id: 2147483645, name: '_pos', required: false, type: 'long' };
/** The partition spec that the file was written with. */
export const SPEC_ID_COLUMN: NestedField = { id: 2147483643, name: '_spec_id', required: false, type: 'int' };
const PARTITION_ID = 2147483642;
const PARTITION = '_partition';

/** Whether a column of a scan is one of these and not one of the table's. */
export function isMetadataColumn({ id, name }: Pick<NestedField, 'id' | 'name'>): boolean {
  if (id === PARTITION_ID) return name === PARTITION;
  const known = [FILE_COLUMN, POS_COLUMN, SPEC_ID_COLUMN, ROW_ID_FIELD, LAST_UPDATED_FIELD];
  return known.some((column) => column.id === id && column.name === name);
}

/** The table with those of its metadata columns that a query names and that are no columns of its own. */
export function withMetadataColumns(
  table: ResolvedTable,
  schema: Schema,
  { usage }: AnalyzedSql,
): ResolvedTable {
  if (table.rowColumns !== undefined || ![...usage.names].some((name) => name.startsWith('_'))) return table;
  const own = new Set(schema.fields.map((field) => field.name.toLowerCase()));
  const named = metadataColumns(table.metadata).filter(({ name }) => usage.names.has(name) && !own.has(name));
  return named.length === 0 ? table : { ...table, rowColumns: named };
}

function metadataColumns(metadata: TableMetadata): readonly NestedField[] {
  const partition = partitionType(metadata);
  return [
    FILE_COLUMN,
    POS_COLUMN,
    SPEC_ID_COLUMN,
    ...(partition.fields.length === 0
      ? []
      : [{ id: PARTITION_ID, name: PARTITION, required: false, type: partition }]),
    ...(metadata.formatVersion >= 3 ? [ROW_ID_FIELD, LAST_UPDATED_FIELD] : []),
  ];
}

/** The partition fields of all specs in one struct, the names of the newest; a file has those of its own spec. */
function partitionType({ partitionSpecs, schemas }: TableMetadata): StructType {
  const newestFirst = [...schemas].reverse();
  const fields = new Map<number, NestedField>();
  for (const spec of partitionSpecs)
    for (const { fieldId, name, type, transform } of typedPartitionFields(spec, newestFirst)) {
      if (type === null || (parseTransform(transform).kind === 'void' && fields.has(fieldId))) continue;
      fields.set(fieldId, { id: fieldId, name, required: false, type });
    }
  return { type: 'struct', fields: [...fields.values()] };
}

/**
 * What keeps metadata columns out of the stars of a query: `*` of tables becomes `* EXCLUDE (…)`. The stars of
 * subqueries take what these give.
 *
 * @throws UNSUPPORTED for a star that takes from tables and from something else, or excludes something itself
 */
export function hideFromStars(analyzed: AnalyzedSql, tables: readonly ResolvedTable[]): readonly Splice[] {
  const names = new Set(
    tables.flatMap(({ rowColumns = [] }) => rowColumns.filter(isMetadataColumn)).map(({ name }) => name),
  );
  if (names.size === 0) return [];
  const nodes = new Set(analyzed.tableNodes);
  const splices: Splice[] = [];
  walkAst(analyzed.root, (node) => {
    if (node['type'] !== 'SELECT_NODE' || !isNode(node['from_table'])) return;
    const stars = starsOf(node);
    if (stars.length === 0) return;
    const sources = sourcesOf(node['from_table']);
    const reads = sources.filter((source) => nodes.has(source));
    if (reads.length === 0) return;
    for (const star of stars) {
      const at = starAt(analyzed.sql, star);
      if (reads.length < sources.length || at === null) throw refusal(analyzed.sql, star, names);
      splices.push({ start: at, end: at, text: ` EXCLUDE (${[...names].join(', ')})` });
    }
  });
  return splices;
}

function starsOf(select: AstNode): readonly AstNode[] {
  const stars: AstNode[] = [];
  for (const item of nodesOf(select['select_list'])) if (item['class'] === 'STAR') stars.push(item);
  return stars;
}

/** Tables, subqueries and functions that a FROM joins. */
function sourcesOf(from: AstNode): readonly AstNode[] {
  if (from['type'] !== 'JOIN') return [from];
  return [from['left'], from['right']].filter(isNode).flatMap(sourcesOf);
}

/** Behind a plain `*` or `t.*`; null where it is another one. */
function starAt(sql: string, star: AstNode): number | null {
  const bytes = locationOf(star);
  const lists = ['exclude_list', 'replace_list', 'qualified_exclude_list', 'rename_list'];
  const plain = lists.every((list) => !Array.isArray(star[list]) || star[list].length === 0);
  if (bytes === null || !plain || star['columns'] === true) return null;
  const start = utf16Offset(sql, bytes);
  const relation = textOf(star['relation_name']);
  const text = /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|\s|\.)*\*/u.exec(sql.slice(start))?.[0];
  if (text === undefined || (relation === '' && text !== '*')) return null;
  return start + text.length;
}

function refusal(sql: string, star: AstNode, names: ReadonlySet<string>) {
  const bytes = locationOf(star);
  return sqlError(
    'UNSUPPORTED',
    `${[...names].join(', ')} can't be read beside this *: name the columns, or take * from the table alone.`,
    sql,
    bytes === null ? null : utf16Offset(sql, bytes),
  );
}
