import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { StatementRequest, StatementResult } from '#shared/contract/statements.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { beginsTransaction, type StatementSpan } from '#shared/sql/statements.ts';
import { parseWriteStatement } from '#server/engine/dml/parse-statement.ts';
import { describeCommit, tableId } from '../tables/index.ts';
import { CatalogTransaction } from './catalog-transaction.ts';
import { runOnce } from './run-once.ts';
import { WriteBehind } from './write-behind.ts';
import {
  sqlProperties,
  writableBranch,
  type StatementContext,
  type StatementOutcome,
} from './statement-context.ts';

const COMMIT = /^(?:commit|end)(?:\s+(?:transaction|work))?$/i;

/** Whether a script says that its statements are to be one commit. */
export function isTransaction([first]: readonly StatementSpan[]): boolean {
  return first !== undefined && beginsTransaction(first.text);
}

/**
 * Runs the statements between BEGIN and COMMIT, each on what those before it did, as one commit over all their
 * tables; where one fails, nothing has happened.
 *
 * @throws as runStatement, with places in the whole script; COMMIT_CONFLICT where the branch moved meanwhile
 */
export async function runTransaction(
  ctx: StatementContext,
  request: StatementRequest,
  statements: readonly StatementSpan[],
  signal?: AbortSignal,
): Promise<StatementResult> {
  const started = performance.now();
  const { sql, mergeSchema = false } = request;
  const inner = statements.slice(1, -1);
  const last = statements.at(-1);
  if (last === undefined || !COMMIT.test(last.text))
    throw withPlace(
      new AppError('SQL_SYNTAX', 'A script that begins with BEGIN ends with COMMIT.'),
      sql,
      last?.start ?? 0,
    );

  const { branch, hash } = await writableBranch(ctx, request.ref);
  const transaction = new CatalogTransaction(ctx.catalog, await ctx.catalog.getRef(branch));
  const written = new WriteBehind(ctx.io);
  const within = { ...ctx, catalog: transaction.catalog, io: written.io };
  const outcomes: StatementOutcome[] = [];
  for (const { text, start } of inner) {
    try {
      const statement = parseWriteStatement(text);
      if (statement.kind === 'optimize' || statement.kind === 'vacuum')
        throw new AppError(
          'UNSUPPORTED',
          'OPTIMIZE and VACUUM make commits of their own; run them outside of BEGIN … COMMIT.',
          {
            context: { position: 0 },
          },
        );
      const run = { statement, branch, hash, message: undefined, mergeSchema, signal };
      outcomes.push(await runOnce(within, run));
    } catch (error) {
      await written.ended();
      const { position } = isAppError(error) ? error.context : {};
      throw isAppError(error) && typeof position === 'number'
        ? withPlace(error, sql, start + position)
        : error;
    }
  }

  await written.settled();
  const { operations, requirements } = await transaction.changes();
  const tables = [
    ...new Set(outcomes.filter(({ commit }) => commit !== null).map(({ key }) => tableId(key))),
  ];
  const commit =
    operations.length === 0
      ? null
      : await ctx.catalog.commit({
          branch,
          author: ctx.author,
          message: request.message ?? `Change ${tables.join(', ')} at once`,
          properties: sqlProperties('transaction', sql),
          operations,
          requirements,
          // What was read elsewhere on the branch has to be as it was, too.
          expectedHead: hash,
        });
  const sum = (what: keyof StatementResult['rows']) =>
    outcomes.reduce((total, { rows = {} }) => total + BigInt(rows[what] ?? 0), 0n).toString();
  return {
    kind: 'transaction',
    table: tables.join(', '),
    branch,
    rows: { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') },
    ...describeCommit(commit),
    elapsedMs: Math.round(performance.now() - started),
  };
}
