import type { ScanColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { present } from '#shared/util/present.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { ExecutableFile } from '../execute/scan-view.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import type { EqualityColumn } from './equality-columns.ts';
import { PositionCollector } from './position-collector.ts';

export interface EqualityDeletesInput {
  readonly engine: Pick<ServerEngine, 'integers'>;
  readonly data: ExecutableFile;
  /** Files that delete by the same columns. */
  readonly deletes: readonly ExecutableFile[];
  readonly columns: readonly EqualityColumn[];
  readonly nameMapping: NameMapping | null;
  readonly signal: AbortSignal;
}

/**
 * Positions of the rows of a data file that equal a row of the delete files in every one of the columns; NULL
 * equals NULL, NaN equals NaN, and 0.0 does not equal -0.0, as in the reference implementation.
 *
 * @throws what ServerEngine throws
 */
export async function findEqualRows(input: EqualityDeletesInput): Promise<PositionSet> {
  const { engine, data, deletes, columns, nameMapping, signal } = input;
  const read = scanColumns(columns);
  const scans = [
    { view: 'data', columns: read, files: [data], nameMapping, position: 'position' },
    { view: 'deletes', columns: read, files: deletes, nameMapping, complete: true },
  ];
  const conditions = columns.flatMap((column) => {
    const [left, right] = [valueSql('d', column), valueSql('e', column)];
    const sign = (value: string) => `CASE WHEN ${value} = 0 THEN signbit(${value}) END`;
    return [
      `${left} IS NOT DISTINCT FROM ${right}`,
      ...(column.isFloat ? [`${sign(left)} IS NOT DISTINCT FROM ${sign(right)}`] : []),
    ];
  });
  const sql = `SELECT d.position FROM data d SEMI JOIN deletes e ON ${conditions.join(' AND ')}`;
  const collector = new PositionCollector(1);
  for await (const [positions] of engine.integers({ sql, scans, signal }))
    for (const position of positions ?? []) collector.add(0, position);
  return collector.finish()[0] ?? PositionSet.EMPTY;
}

/** The table's columns that the values are in. Two of them may have had one name, so they are called by id. */
function scanColumns(columns: readonly EqualityColumn[]): readonly ScanColumn[] {
  const byId = new Map(columns.map(({ column }) => [column.id, column]));
  return [...byId.values()].map((column) => ({
    fieldId: column.id,
    name: scanName(column.id),
    sqlType: duckDbTypeOf(column.type),
    type: column.type,
    ...present({ initialDefault: column.initialDefault }),
  }));
}

function valueSql(table: string, { column, path }: EqualityColumn): string {
  return [table, quoteIdentifier(scanName(column.id)), ...path.map(quoteIdentifier)].join('.');
}

function scanName(fieldId: number): string {
  return `field ${fieldId}`;
}
