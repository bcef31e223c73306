import type { CatalogChange, CatalogDiff, DiffQuery } from '#shared/contract/diff.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { ICEBERG_TABLE, isReadOnly, loadContent, tableId } from '../tables/index.ts';
import { pairRenames, type Change } from '../refs/index.ts';
import { endsOfDiff } from './ends-of-diff.ts';
import { summarizeTableDiff } from './table-summary.ts';
import { valueDiffs } from './value-diffs.ts';

export interface DiffContext extends ServiceContext {
  readonly manifests?: ManifestCache;
}

/**
 * How two places in history differ, thing by thing; of tables what their metadata and manifests say, so that no rows
 * are read. Costs what changed.
 *
 * @throws REF_NOT_FOUND, COMMIT_NOT_FOUND, CORRUPT_METADATA
 */
export async function diffCatalog(ctx: DiffContext, query: DiffQuery): Promise<CatalogDiff> {
  const { from, to } = await endsOfDiff(ctx, query);
  const changes = pairRenames(await ctx.catalog.diff(from.hash, to.hash));
  const end = query.offset + query.limit;
  const described: CatalogChange[] = [];
  // One after the other: each may read many manifests.
  for (const change of changes.slice(query.offset, end)) described.push(await describe(ctx, change));
  return {
    from: { ref: from.name, hash: from.hash },
    to: { ref: to.name, hash: to.hash },
    changeCount: changes.length,
    changes: described,
    ...(changes.length > end ? { next: end } : {}),
  };
}

async function describe(ctx: DiffContext, change: Change): Promise<CatalogChange> {
  const { key, before, after, previousKey } = change;
  const replaced = before !== null && after !== null && before.id !== after.id;
  const kind =
    before === null
      ? 'added'
      : after === null
        ? 'removed'
        : previousKey !== undefined
          ? 'renamed'
          : replaced
            ? 'replaced'
            : 'modified';
  const described = {
    key: tableId(key),
    kind,
    ...(previousKey === undefined ? {} : { previousKey: tableId(previousKey) }),
    type: (after ?? before)?.type ?? '',
  } as const;
  if (![before, after].some((content) => content?.type === ICEBERG_TABLE)) {
    const values = await valueDiffs(ctx, before, after);
    return values.length === 0 ? described : { ...described, values };
  }
  if (![before, after].every((content) => content === null || content.type === ICEBERG_TABLE))
    return described;
  try {
    const [was, now] = await Promise.all([load(ctx, key, before), load(ctx, key, after)]);
    return { ...described, table: await summarizeTableDiff(ctx, was, now) };
  } catch (error) {
    // The files of a table that lies elsewhere may be gone from there; that it changed is true all the same.
    if ([before, after].some((content) => content !== null && isReadOnly(content)) && isAppError(error))
      return described;
    throw error;
  }
}

async function load(ctx: DiffContext, key: ContentKey, content: Content | null) {
  return content === null ? null : (await loadContent(ctx, key, content)).metadata;
}
