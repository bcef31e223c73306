import { AppError } from '#shared/errors/app-error.ts';
import type { Commit, ContentKey } from '#server/catalog/model.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { commitWithRetry } from '#server/iceberg/transaction/commit-with-retry.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import {
  assertWritable,
  commitTable,
  discardFiles,
  loadTableAt,
  type CatalogTable,
  tableTurn,
} from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';

/** Where maintenance commits to. */
export interface MaintenanceTarget {
  readonly key: ContentKey;
  readonly branch: string;
  readonly message: string;
  /** Of the commit in the catalog. */
  readonly properties: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a maintenance snapshot the table's head, as one commit; after a lost race on what the other commit left,
 * which appends never stand in the way of.
 *
 * @param stage of the table as it stands now
 * @param contentFiles written for it; removed where it fails for good
 * @throws COMMIT_CONFLICT where another commit changed what was rewritten
 */
export async function landRewrite(
  ctx: MaintenanceContext,
  target: MaintenanceTarget,
  contentFiles: readonly string[],
  stage: (base: LoadedTable) => Promise<RebasableCommit>,
): Promise<{ readonly commit: Commit; readonly staged: RebasableCommit }> {
  let standing: CatalogTable;
  let staged: RebasableCommit;
  try {
    standing = await head(ctx, target);
    staged = await stage(standing);
  } catch (error) {
    await discardFiles(ctx, contentFiles);
    throw error;
  }
  const { tableUuid } = standing.metadata;
  let landed = staged;
  const commit = await commitWithRetry({
    io: ctx.io,
    staged,
    contentFiles,
    turn: tableTurn(ctx, target.branch, target.key),
    ...(target.signal === undefined ? {} : { signal: target.signal }),
    commit: async (attempt) => {
      landed = attempt;
      return commitTable(ctx, {
        table: standing.key,
        branch: target.branch,
        message: target.message,
        properties: target.properties,
        standing: standing.content,
        metadata: attempt.metadata,
        metadataLocation: attempt.newMetadataLocation,
      });
    },
    refresh: async () => {
      standing = await head(ctx, target);
      if (standing.metadata.tableUuid !== tableUuid)
        throw new AppError('COMMIT_CONFLICT', 'The table was replaced by another one meanwhile.');
      return standing;
    },
  });
  return { commit, staged: landed };
}

/** @throws TABLE_NOT_FOUND, REF_NOT_FOUND, FORBIDDEN for a table that another engine keeps */
export async function head(
  ctx: MaintenanceContext,
  { branch, key }: Pick<MaintenanceTarget, 'branch' | 'key'>,
): Promise<CatalogTable> {
  const table = await loadTableAt(ctx, (await ctx.catalog.getRef(branch)).hash, key);
  assertWritable(table.key, table.content);
  return table;
}
