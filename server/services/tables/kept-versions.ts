import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { loadContent } from './load-table.ts';
import { ICEBERG_TABLE, metadataLocationOf } from './table-content.ts';

/** Versions of a table that somebody may still read, newest commits first; nobody need read on who has enough. */
export type KeptVersions = (tableUuid: string) => AsyncIterable<TableMetadata>;

/**
 * Every version of a table in any commit that a branch or tag of the catalog reaches, by whatever parent, under
 * whatever name it has at one of them now.
 */
export function versionsInHistory(ctx: ServiceContext): KeptVersions {
  return async function* (tableUuid) {
    const heads = (await ctx.catalog.listRefs()).map((ref) => ref.hash);
    const keys = await keysOf(ctx, heads, tableUuid);
    const given = new Set<string>();
    const seen = new Set<Hash>(heads);
    let frontier: readonly Hash[] = [...seen];
    while (frontier.length > 0) {
      const next: Hash[] = [];
      for (const hash of frontier) {
        for (const key of keys) {
          const content = await ctx.catalog.getContent(hash, key);
          if (content === null || content.type !== ICEBERG_TABLE || content.id !== tableUuid) continue;
          const location = metadataLocationOf(key, content);
          if (given.has(location)) continue;
          given.add(location);
          yield (await loadContent(ctx, key, content)).metadata;
        }
        for (const parent of (await ctx.catalog.getCommit(hash)).parents) {
          if (seen.has(parent)) continue;
          seen.add(parent);
          next.push(parent);
        }
      }
      frontier = next;
    }
  };
}

async function keysOf(
  ctx: ServiceContext,
  heads: readonly Hash[],
  tableUuid: string,
): Promise<readonly ContentKey[]> {
  const found = new Map<string, ContentKey>();
  for (const head of new Set(heads))
    for (const { key, content } of await ctx.catalog.listContents(head))
      if (content.id === tableUuid) found.set(JSON.stringify(key), key);
  return [...found.values()];
}
