import { AppError } from '#shared/errors/app-error.ts';
import type { Commit, Content, ContentKey } from '#server/catalog/model.ts';
import { commitWithRetry } from '#server/iceberg/transaction/commit-with-retry.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { commitTable, loadContent, tableId, tableTurn } from '../tables/index.ts';
import { commitProperties, type StatementContext, type StatementRun } from './statement-context.ts';

export interface LandInput {
  readonly run: StatementRun;
  readonly key: ContentKey;
  /** What the statement was run on; null: it creates the table. */
  readonly standing: Content | null;
  readonly staged: RebasableCommit;
  /** Data and delete files that were written for it. */
  readonly contentFiles: readonly string[];
  readonly message: string;
  /** Whether it rests on all that the target is: then any other commit to it is a conflict. */
  readonly restsOnTarget?: boolean;
}

/**
 * Makes what a statement has staged the table at the branch's head. Where other commits were first and what they did
 * goes together with it, it lands on top of them.
 *
 * @throws COMMIT_CONFLICT where it does not: then the statement has to run again
 */
export async function land(ctx: StatementContext, input: LandInput): Promise<Commit> {
  const { run, key } = input;
  let { standing } = input;
  return commitWithRetry({
    io: ctx.io,
    staged: input.staged,
    contentFiles: input.contentFiles,
    turn: tableTurn(ctx, run.branch, key),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
    commit: ({ metadata, newMetadataLocation: metadataLocation }) =>
      commitTable(ctx, {
        table: key,
        branch: run.branch,
        message: run.message ?? input.message,
        properties: commitProperties(run.statement),
        standing,
        metadata,
        metadataLocation,
      }),
    refresh: async () => {
      const found = await ctx.catalog.getContent((await ctx.catalog.getRef(run.branch)).hash, key);
      if (standing === null || found === null || found.id !== standing.id) throw gone(key, standing === null);
      if (input.restsOnTarget === true) throw changed(key);
      standing = found;
      return loadContent(ctx, key, found);
    },
  });
}

function changed(key: ContentKey): AppError {
  const table = tableId(key);
  return new AppError(
    'COMMIT_CONFLICT',
    `Another commit changed ${table}, whose rows this one has read, first.`,
    {
      context: { table },
    },
  );
}

function gone(key: ContentKey, created: boolean): AppError {
  const table = tableId(key);
  return new AppError(
    'COMMIT_CONFLICT',
    `Another commit ${created ? 'created' : 'replaced or dropped'} ${table} first.`,
    {
      context: { table },
    },
  );
}
