import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { splitStatements } from '#shared/sql/statements.ts';
import { tokenize } from '#shared/sql/tokenize.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import type { Engine } from './engine/engine.ts';
import type { TabFiles } from './local/tab-files.ts';
import { tabError } from './tab-error.ts';
import type { RunRequest } from './types.ts';

export interface WithoutServer {
  readonly engine: Engine;
  readonly files: Pick<TabFiles, 'relations' | 'views'>;
  readonly request: RunRequest;
  /** What is said of the server. */
  readonly away: unknown;
  readonly signal: AbortSignal;
}

/**
 * The plan of a query that reads files of the tab alone, or nothing, made here while the server is away.
 *
 * @throws AppError UNAVAILABLE for a query that needs the server; what is wrong with its SQL, as tabError
 */
export async function planWithoutServer({
  engine,
  files,
  request,
  away,
  signal,
}: WithoutServer): Promise<Plan> {
  const [statement, ...others] = splitStatements(request.sql);
  if (statement === undefined || others.length > 0 || isWriteStatement(statement.text)) throw away;
  const sql = statement.text;
  const words = new Set(
    [...tokenize(sql)].flatMap(({ kind, start, end }) => {
      const text = sql.slice(start, end).toLowerCase();
      return kind === 'quoted-identifier' ? [text.slice(1, -1)] : kind === 'word' ? [text] : [];
    }),
  );
  const locals = files
    .relations()
    .filter(({ name }) => words.has(name.toLowerCase()))
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }));
  const connection = await engine.connect();
  try {
    for (const view of await files.views(engine, locals, signal)) await connection.run(view);
    const described = await connection.rows(`DESCRIBE ${sql}`);
    return {
      id: `tab:${sql}`,
      sql,
      ref: { name: request.ref, hash: '' },
      scans: [],
      columns: described.map((row) => ({
        name: String(row['column_name']),
        type: String(row['column_type']),
      })),
      anchors: [[0, statement.start, 'kept']],
      bytes: 0,
      engine: {
        choice: 'browser',
        reason: 'It was planned in this tab: the server is away.',
        browserCapable: true,
      },
      locals,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw isOfTheLakehouse(error) ? needsServer(away) : tabError(error);
  } finally {
    await connection.close();
  }
}

/** Whether a name is none of the tab's: the lakehouse may have it. */
function isOfTheLakehouse(error: unknown): boolean {
  const { type, message } = readDuckDbFailure(error);
  return type === 'Catalog' || (type === 'Binder' && /^(Catalog|Schema) /.test(message));
}

/**
 * What is said of a query that reads what this browser does not have.
 *
 * @param tables of whose columns not all are held, where that is known
 */
export function needsServer(away: unknown, tables: readonly string[] = []): AppError {
  const message =
    tables.length === 0
      ? 'The server is away, and this browser does not hold all that the query reads. Local files can be queried, and what ran here before and is still held.'
      : `The server is away, and this browser does not hold all that the query reads of ${[...new Set(tables)].join(' and ')}. It keeps columns once a query of them has run in this tab.`;
  return new AppError('UNAVAILABLE', message, { cause: away });
}
