import type { TableDetail, TableHistory, TableList } from '#shared/contract/tables.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import { loadContent, loadTableAtRef } from './load-table.ts';
import { ICEBERG_TABLE, NAMESPACE, parseTableId } from './table-content.ts';
import { snapshotCommits } from './snapshot-commits.ts';
import { describeSnapshot, describeTable, describeTableInDetail } from './table-info.ts';

export async function listTables(ctx: ServiceContext, ref: string | undefined): Promise<TableList> {
  const { name, hash } = await resolveRef(ctx, ref);
  const contents = await ctx.catalog.listContents(hash);
  const tables = contents.filter(({ content }) => content.type === ICEBERG_TABLE);
  const loaded = await Promise.all(tables.map(({ key, content }) => loadContent(ctx, key, content)));
  return {
    ref: name,
    hash,
    namespaces: contents.filter(({ content }) => content.type === NAMESPACE).map(({ key }) => [...key]),
    tables: loaded.map(describeTable),
  };
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
