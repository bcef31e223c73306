import { LRUCache } from 'lru-cache';
import type { Catalog } from '#server/catalog/catalog.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { StoredView, StoredViews } from '#server/engine/views/stored-view.ts';
import type { ServiceContext } from '../context.ts';
import { isMaterializedView, loadContent, tableId, VIEW_SQL, type FoundContent } from '../tables/index.ts';
import { refreshStateOf, type SourceState } from './materialized-view.ts';

interface Listing {
  readonly commit: Hash;
  /** By key, as text. */
  readonly contents: ReadonlyMap<string, FoundContent>;
}

/** What is known of a catalog; what a commit holds never changes. */
interface Known {
  readonly views: LRUCache<Hash, Promise<readonly StoredView[]>>;
  latest: Listing | null;
}

const catalogs = new WeakMap<Catalog, Known>();

/** The materialized views at a commit that may answer queries of their tables; looked for once. */
export function storedViews(ctx: ServiceContext): StoredViews {
  const known: Known = catalogs.get(ctx.catalog) ?? { views: new LRUCache({ max: 100 }), latest: null };
  catalogs.set(ctx.catalog, known);
  return async (commit) => {
    const listed = known.views.get(commit) ?? listViews(ctx, commit, known);
    known.views.set(commit, listed);
    return listed.catch((error: unknown) => {
      known.views.delete(commit);
      throw error;
    });
  };
}

async function listViews(ctx: ServiceContext, commit: Hash, known: Known): Promise<readonly StoredView[]> {
  const contents = await contentsAt(ctx, commit, known.latest);
  known.latest = { commit, contents };
  // A view that can't be opened is no use to a query that does not name it.
  const views = await Promise.all(
    [...contents.values()].map(async (found) => openView(ctx, found).catch(() => null)),
  );
  return views.flatMap((view) => view ?? []);
}

/** Reads what differs from another commit, which is next to nothing, or the whole catalog once. */
async function contentsAt(
  { catalog }: ServiceContext,
  commit: Hash,
  other: Listing | null,
): Promise<Listing['contents']> {
  // Retention may have let the other commit go.
  const changes = other === null ? null : await catalog.diff(other.commit, commit).catch(() => null);
  const contents = new Map(changes === null ? [] : other?.contents);
  for (const { key, after } of changes ?? (await catalog.diff(null, commit))) {
    const text = JSON.stringify(key);
    if (after !== null && isMaterializedView(after)) contents.set(text, { key, content: after });
    else contents.delete(text);
  }
  return contents;
}

/** Null where its rows are not known to be those of its query over tables alone. */
async function openView(ctx: ServiceContext, { key, content }: FoundContent): Promise<StoredView | null> {
  const { metadata } = await loadContent(ctx, key, content);
  const sql = metadata.properties[VIEW_SQL];
  const state = refreshStateOf(metadata);
  if (sql === undefined || state === null) return null;
  const sources = state.sources.map(sourceOf);
  return sources.some((source) => source === null)
    ? null
    : { name: tableId(key), key, metadata, sql, sources: sources.flatMap((source) => source ?? []) };
}

function sourceOf(source: SourceState): StoredView['sources'][number] | null {
  const { type, name, uuid, 'snapshot-id': snapshotId, 'schema-id': schemaId } = source;
  if (type !== 'table' || schemaId === undefined) return null;
  return { name, uuid, schemaId, ...(snapshotId === undefined ? {} : { snapshotId }) };
}
