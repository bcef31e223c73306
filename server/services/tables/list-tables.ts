import { isAppError } from '#shared/errors/app-error.ts';
import type { TableDetail, TableHistory, TableList, TableSummary } from '#shared/contract/tables.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import type { Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import { loadContent, loadTableAtRef } from './load-table.ts';
import { isReadOnly } from './registered-table.ts';
import { ICEBERG_TABLE, NAMESPACE, parseTableId, tableId } from './table-content.ts';
import { snapshotCommits } from './snapshot-commits.ts';
import { describeSnapshot, describeTable, describeTableInDetail } from './table-info.ts';

/** Without the views, which are another service's: `contents` has them too. */
export async function listTables(
  ctx: ServiceContext,
  ref: string | undefined,
): Promise<Omit<TableList, 'views'> & { readonly contents: Awaited<ReturnType<Catalog['listContents']>> }> {
  const { name, hash } = await resolveRef(ctx, ref);
  const contents = await ctx.catalog.listContents(hash);
  const tables = contents.filter(({ content }) => content.type === ICEBERG_TABLE);
  return {
    ref: name,
    hash,
    contents,
    namespaces: contents.filter(({ content }) => content.type === NAMESPACE).map(({ key }) => [...key]),
    tables: await Promise.all(tables.map(async ({ key, content }) => summarize(ctx, key, content))),
  };
}

/** What another engine keeps may be gone or out of reach; the other tables are listed all the same. */
async function summarize(ctx: ServiceContext, key: ContentKey, content: Content): Promise<TableSummary> {
  try {
    return describeTable(await loadContent(ctx, key, content));
  } catch (error) {
    if (!isReadOnly(content) || !isAppError(error)) throw error;
    return {
      id: tableId(key),
      namespace: key.slice(0, -1),
      name: key.at(-1) ?? '',
      columns: [],
      rows: '0',
      bytes: '0',
      files: 0,
      updatedAt: new Date(0).toISOString(),
      problem: error.message,
    };
  }
}

/** @throws REF_NOT_FOUND, TABLE_NOT_FOUND */
export async function getTable(
  ctx: ServiceContext,
  table: string,
  ref: string | undefined,
): Promise<TableDetail> {
  const at = await resolveRef(ctx, ref);
  return describeTableInDetail(await loadTableAtRef(ctx, at, parseTableId(table)));
}

/** Newest first. @throws REF_NOT_FOUND, TABLE_NOT_FOUND */
export async function tableHistory(
  ctx: ServiceContext,
  table: string,
  ref: string | undefined,
): Promise<TableHistory> {
  const at = await resolveRef(ctx, ref);
  const { key, metadata } = await loadTableAtRef(ctx, at, parseTableId(table));
  const snapshots = metadata.snapshots.map(describeSnapshot).reverse();
  const ids = snapshots.map(({ snapshotId }) => snapshotId);
  const commits = await snapshotCommits(ctx, at.hash, key, ids);
  return {
    snapshots: snapshots.map((snapshot) => {
      const commit = commits.get(snapshot.snapshotId);
      if (commit === undefined) return snapshot;
      const { author, message } = commit;
      return { ...snapshot, commit: { hash: commit.hash, author, message } };
    }),
  };
}

/** Only names: no metadata is read. */
export async function listTableNames(
  ctx: ServiceContext,
  at: Hash,
): Promise<readonly { readonly namespace: readonly string[]; readonly name: string }[]> {
  const contents = await ctx.catalog.listContents(at);
  return contents
    .filter(({ content }) => content.type === ICEBERG_TABLE)
    .map(({ key }) => ({ namespace: key.slice(0, -1), name: key.at(-1) ?? '' }));
}
