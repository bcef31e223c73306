import type { ScanColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { NameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import type { ServerEngine } from '../execute/server-engine.ts';
import type { ExecutableFile, ExecutableScan } from '../execute/scan-view.ts';
import { PositionCollector } from './position-collector.ts';

/** Reserved field ids of the columns of position delete files (spec). */
const COLUMNS: readonly ScanColumn[] = [
  { fieldId: 2147483546, name: 'file_path', sqlType: 'VARCHAR', type: 'string' },
  { fieldId: 2147483545, name: 'pos', sqlType: 'BIGINT', type: 'long' },
];

/** For files of writers that give their columns no ids. */
const BY_NAME: NameMapping = COLUMNS.map(({ fieldId, name }) => ({ id: fieldId, names: [name], fields: [] }));

export interface PositionDeleteFileInput {
  readonly engine: Pick<ServerEngine, 'json' | 'integers'>;
  readonly file: DataFile;
  /** Where the engine opens it. */
  readonly opened: ExecutableFile;
  readonly signal: AbortSignal;
}

/**
 * The deleted positions in a position delete file, by the location of the data file as this file writes it.
 *
 * @throws CORRUPT_FILE, FILE_NOT_FOUND, each naming the file; what ServerEngine throws
 */
export async function readPositionDeletes(
  input: PositionDeleteFileInput,
): Promise<ReadonlyMap<string, PositionSet>> {
  const { engine, file, opened, signal } = input;
  const scan: ExecutableScan = {
    view: 'deletes',
    columns: COLUMNS,
    nameMapping: BY_NAME,
    files: [opened],
    complete: true,
  };
  const { rows } = await engine.json({
    sql: 'SELECT DISTINCT file_path FROM deletes ORDER BY file_path',
    columns: [],
    scans: [scan],
    signal,
  });
  const locations = rows.map(([location]) => {
    if (typeof location === 'string') return location;
    throw damaged(file, 'it has rows that name no data file');
  });
  const collector = new PositionCollector(locations.length);
  const chunks = engine.integers({ sql: positionsSql(locations), scans: [scan], signal });
  for await (const [indexes, positions] of chunks) {
    for (const [row, position] of (positions ?? []).entries()) {
      if (position < 0n) throw damaged(file, 'it has rows whose position is no position of a row');
      collector.add(Number(indexes?.[row] ?? 0n), position);
    }
  }
  const sets = collector.finish();
  return new Map(locations.map((location, index) => [location, sets[index] as PositionSet]));
}

/** Rows of: index of the data file's location, position. Long texts for each row would take the longest. */
function positionsSql(locations: readonly string[]): string {
  const position = 'coalesce(pos, -1)';
  if (locations.length <= 1) return `SELECT 0::BIGINT, ${position} FROM deletes`;
  const list = `[${locations.map(quoteLiteral).join(', ')}]`;
  return `SELECT "index", ${position} FROM deletes JOIN (
    SELECT unnest(${list}) AS file_path, unnest(range(${locations.length})) AS "index") USING (file_path)`;
}

function damaged(file: DataFile, what: string): AppError {
  return new AppError(
    'CORRUPT_FILE',
    `The position delete file ${file.filePath} is damaged: ${what}. Restore it, or read another snapshot.`,
    { context: { file: file.filePath } },
  );
}
