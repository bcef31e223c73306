import { isAppError } from '#shared/errors/app-error.ts';
import type { TableChangeResult } from '#shared/contract/table-changes.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange } from '#shared/iceberg/table-update.ts';
import type { Commit, ContentKey } from '#server/catalog/model.ts';
import { stageUpdates } from '#server/iceberg/transaction/staged-commit.ts';
import type { ServiceContext } from '../context.ts';
import { commitTable, discardFiles } from './commit-table.ts';
import { withOwnFieldIds } from './field-ids.ts';
import { loadTableAt, type CatalogTable } from './load-table.ts';
import { assertWritable } from './registered-table.ts';
import { parseTableId, tableContent } from './table-content.ts';
import { describeTableInDetail } from './table-info.ts';
import { tableTurn } from './table-turn.ts';

export interface ChangeTableInput {
  /** Dotted name. */
  readonly table: string;
  /** The default branch where not given. */
  readonly branch?: string | undefined;
  /** What the commit says where the caller says nothing. */
  readonly defaultMessage: (table: ContentKey) => string;
  readonly message?: string | undefined;
  /** Of the commit. */
  readonly properties?: Readonly<Record<string, string>>;
  /** What is to change of the table as it stands; asked again where another commit was first. */
  readonly change: (metadata: TableMetadata) => TableChange | Promise<TableChange>;
}

export interface ChangedTable {
  readonly before: TableMetadata;
  readonly after: CatalogTable;
  /** Null where there was nothing to change. */
  readonly commit: Commit | null;
}

const ATTEMPTS = 10;

/**
 * Changes a table's metadata as one commit. Where another commit to the table wins the race, the change is made
 * again on what it left, which is safe because a change is said by names and not by ids.
 *
 * @throws TABLE_NOT_FOUND, REF_NOT_FOUND, FORBIDDEN (a tag, a registered table), what `change` throws, COMMIT_CONFLICT after ten
 *   lost races
 */
export async function changeTable(ctx: ServiceContext, input: ChangeTableInput): Promise<ChangedTable> {
  const branch = input.branch ?? ctx.catalog.defaultBranch;
  const turn = tableTurn(ctx, branch, parseTableId(input.table));
  for (let attempt = 1; ; attempt += 1) {
    const work = () => changeOnce(ctx, branch, input);
    try {
      return await (attempt === 1 ? work() : turn(work));
    } catch (error) {
      if (!isAppError(error, 'COMMIT_CONFLICT') || attempt === ATTEMPTS) throw error;
    }
  }
}

async function changeOnce(
  ctx: ServiceContext,
  branch: string,
  input: ChangeTableInput,
): Promise<ChangedTable> {
  const { hash } = await ctx.catalog.getRef(branch);
  const base = await loadTableAt(ctx, hash, parseTableId(input.table));
  assertWritable(base.key, base.content);
  const change = await withOwnFieldIds(ctx, base.metadata, await input.change(base.metadata));
  if (change.updates.length === 0) return { before: base.metadata, after: base, commit: null };
  const staged = await stageUpdates({ io: ctx.io, base, ...change });
  try {
    const commit = await commitTable(ctx, {
      table: base.key,
      branch,
      message: input.message ?? input.defaultMessage(base.key),
      properties: input.properties ?? {},
      standing: base.content,
      metadata: staged.metadata,
      metadataLocation: staged.newMetadataLocation,
    });
    const { metadata, newMetadataLocation: metadataLocation } = staged;
    const content = tableContent(metadata, metadataLocation);
    return { before: base.metadata, after: { key: base.key, content, metadata, metadataLocation }, commit };
  } catch (error) {
    // An unknown outcome may be a commit that others see already: then its file stays.
    if (!isAppError(error, 'COMMIT_STATE_UNKNOWN')) await discardFiles(ctx, staged.writtenFiles);
    throw error;
  }
}

export function describeChangedTable({ after, commit }: ChangedTable): TableChangeResult {
  return { table: describeTableInDetail(after), ...describeCommit(commit) };
}

export function describeCommit(
  commit: Pick<Commit, 'hash' | 'author' | 'message' | 'time'> | null,
): Pick<TableChangeResult, 'commit'> {
  if (commit === null) return {};
  const { hash, author, message, time } = commit;
  return { commit: { hash, author, message, time: time.toISOString() } };
}
