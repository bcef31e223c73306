import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { ServiceContext } from '../context.ts';
import { contentsInHistory } from './history-contents.ts';
import { loadContent } from './load-table.ts';
import { ICEBERG_TABLE, metadataLocationOf } from './table-content.ts';

/** Versions of a table that somebody may still read, newest commits first; nobody need read on who has enough. */
export type KeptVersions = (tableUuid: string) => AsyncIterable<TableMetadata>;

/**
 * Every version of a table in any commit that a branch, a tag or the reflog leads to, under whatever name it had.
 */
export function versionsInHistory(ctx: ServiceContext): KeptVersions {
  return async function* (tableUuid) {
    const given = new Set<string>();
    for await (const { key, content } of contentsInHistory(ctx)) {
      if (content.type !== ICEBERG_TABLE || content.id !== tableUuid) continue;
      const location = metadataLocationOf(key, content);
      if (given.has(location)) continue;
      given.add(location);
      yield (await loadContent(ctx, key, content)).metadata;
    }
  };
}
