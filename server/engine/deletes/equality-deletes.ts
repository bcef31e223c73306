import type { ScanColumn } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { present } from '#shared/util/present.ts';
import type { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import type { PlannedDelete } from '../../iceberg/scan/plan-files.ts';
import type { ExecutableFile, ExecutableScan } from '../execute/scan-view.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import type { EqualityColumn } from './equality-columns.ts';
import type { FileDeletes, TableDeletes } from './file-deletes.ts';
import { PositionCollector } from './position-collector.ts';

/** Delete files that delete by the same columns of the same files, but for their age. */
export interface EqualityWork {
  /** Indexes of the data files. */
  readonly data: readonly number[];
  readonly deletes: readonly PlannedDelete[];
  readonly columns: readonly EqualityColumn[];
  readonly nameMapping: NameMapping | null;
}

interface Group {
  readonly data: Set<number>;
  readonly deletes: Map<DataFile, PlannedDelete>;
}

/** What has to be compared so that the equality deletes of data files are found, each file read as rarely as can be. */
export function equalityWork(inputs: readonly FileDeletes[]): readonly EqualityWork[] {
  // Age counts within one snapshot: in another, the same files may have other sequence numbers, and other deletes.
  const byTable = new Map<TableDeletes, Map<string, Group>>();
  for (const [index, { table, deletes }] of inputs.entries()) {
    for (const planned of deletes) {
      const { file } = planned;
      if (file.content !== 'equality-deletes') continue;
      const groups = byTable.get(table) ?? new Map<string, Group>();
      byTable.set(table, groups);
      const key = `${[...new Set(file.equalityIds)].sort((a, b) => a - b).join(' ')} in ${table.scopeOf(file)}`;
      const group = groups.get(key) ?? {
        data: new Set<number>(),
        deletes: new Map<DataFile, PlannedDelete>(),
      };
      groups.set(key, group);
      group.data.add(index);
      group.deletes.set(file, planned);
    }
  }
  return [...byTable].flatMap(([table, groups]) =>
    [...groups.values()].map(({ data, deletes }) => {
      const [first] = deletes.keys();
      const columns = table.columnsOf(first as DataFile);
      return { data: [...data], deletes: [...deletes.values()], columns, nameMapping: table.nameMapping };
    }),
  );
}

export interface EqualityInput {
  readonly engine: Pick<ServerEngine, 'integers'>;
  readonly data: readonly ExecutableFile[];
  readonly deletes: readonly ExecutableFile[];
  /** Sequence numbers: what a file deletes is in data files with lower ones. */
  readonly dataNumbers: readonly bigint[];
  readonly deleteNumbers: readonly bigint[];
  readonly columns: readonly EqualityColumn[];
  readonly nameMapping: NameMapping | null;
  readonly signal: AbortSignal;
}

/**
 * Positions of the rows of each data file that equal a row of a newer delete file in every one of the columns; NULL
 * equals NULL, NaN equals NaN, and 0.0 does not equal -0.0, as in the reference implementation.
 *
 * @throws what ServerEngine throws
 */
export async function findEqualRows(input: EqualityInput): Promise<readonly PositionSet[]> {
  const { engine, data, deletes, columns, nameMapping, signal } = input;
  const read = scanColumns(columns);
  const scans: ExecutableScan[] = [
    { view: 'data', columns: read, files: data, nameMapping, file: 'file', position: 'position' },
    { view: 'deletes', columns: read, files: deletes, nameMapping, file: 'file', complete: true },
  ];
  const conditions = [...columns.flatMap(equalSql), ...newerSql(input)];
  const sql = `SELECT d.file, d.position FROM data d SEMI JOIN deletes e ON ${conditions.join(' AND ')}`;
  const collector = new PositionCollector(data.length);
  for await (const [files, positions] of engine.integers({ sql, scans, signal }))
    for (const [row, position] of (positions ?? []).entries())
      collector.add(Number(files?.[row] ?? 0n), position);
  return collector.finish();
}

function equalSql(column: EqualityColumn): readonly string[] {
  const [left, right] = [valueSql('d', column), valueSql('e', column)];
  const sign = (value: string) => `CASE WHEN ${value} = 0 THEN signbit(${value}) END`;
  return [
    `${left} IS NOT DISTINCT FROM ${right}`,
    ...(column.isFloat ? [`${sign(left)} IS NOT DISTINCT FROM ${sign(right)}`] : []),
  ];
}

/** Nothing where every delete file is newer than every data file, as it mostly is. */
function newerSql({ dataNumbers, deleteNumbers }: EqualityInput): readonly string[] {
  const newest = dataNumbers.reduce((a, b) => (b > a ? b : a), -1n);
  if (deleteNumbers.every((number) => number > newest)) return [];
  const numberOf = (numbers: readonly bigint[], table: string) =>
    `list_extract([${numbers.join(', ')}]::BIGINT[], ${table}.file + 1)`;
  return [`${numberOf(deleteNumbers, 'e')} > ${numberOf(dataNumbers, 'd')}`];
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
