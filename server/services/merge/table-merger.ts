import type { Catalog } from '#server/catalog/catalog.ts';
import type { Content } from '#server/catalog/model.ts';
import type {
  ContentMerger,
  ContentMergeResult,
  ContentToMerge,
} from '#server/catalog/merge/content-merger.ts';
import { isSame, type TableClash } from '#server/iceberg/merge/clash.ts';
import { mergeTables } from '#server/iceberg/merge/merge-tables.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { MAIN } from '#server/iceberg/transaction/snapshot-history.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { stringifyJson } from '#shared/util/json.ts';
import {
  ICEBERG_TABLE,
  isMaterializedView,
  isReadOnly,
  loadContent,
  metadataLocationOf,
  rememberMetadata,
  tableContent,
  tableId,
} from '../tables/index.ts';
import { rehearsalIO } from './rehearsal-io.ts';

export interface TableMergerOptions {
  readonly io: FileIO;
  readonly manifests?: ManifestCache;
  /** Tells what has expired from what is damaged. */
  readonly catalog?: Pick<Catalog, 'areExpired'>;
}

/**
 * Combines what two branches did to one Iceberg table. What it writes is new files only, which nothing reaches
 * where the merge fails in the end: removing orphans finds them.
 */
export function createTableMerger(options: TableMergerOptions): ContentMerger {
  return {
    merge: async (input) => mergeTable(options, options.io, input),
    rehearsal: () => {
      const rehearsal = rehearsalIO(options.io);
      return { merge: async (input) => mergeTable(options, rehearsal, input) };
    },
  };
}

/** @param into what is written to, and read of what was written there */
async function mergeTable(
  { io, manifests, catalog }: TableMergerOptions,
  into: FileIO & { holds?(location: string): boolean },
  { key, base, ours, theirs }: ContentToMerge,
): Promise<ContentMergeResult> {
  if (base.type !== ICEBERG_TABLE || [base, ours, theirs].some(isReadOnly)) {
    const name = tableId(key);
    return { conflict: { kind: 'VALUE_DIFFERS', message: `Both sides changed ${name}.` } };
  }
  const load = async (content: Content) => {
    const isOwn = into.holds?.(metadataLocationOf(key, content)) === true;
    return loadContent(
      { io: isOwn ? into : io, ...(catalog === undefined ? {} : { catalog }) },
      key,
      content,
    );
  };
  const [was, mine, other] = await Promise.all([load(base), load(ours), load(theirs)]);
  const merged = await mergeTables({
    io: into,
    base: was.metadata,
    ours: mine,
    theirs: other.metadata,
    ...(manifests === undefined ? {} : { cache: manifests }),
  });
  if (!('staged' in merged)) {
    const isDerived = [base, ours, theirs].every(isMaterializedView);
    const ofRows = merged.clashes.every(({ kind }) => kind === 'SAME_ROWS_CHANGED');
    const refreshed =
      isDerived && ofRows
        ? refreshedSide(was.metadata, [mine.metadata, ours], [other.metadata, theirs])
        : null;
    return refreshed === null
      ? { conflict: conflictOf(tableId(key), merged.clashes) }
      : { content: { ...refreshed, id: ours.id } };
  }
  if (merged.staged === null) return { content: ours };
  const { metadata, newMetadataLocation } = merged.staged;
  rememberMetadata(into, newMetadataLocation, metadata);
  return { content: { ...tableContent(metadata, newMetadataLocation), id: ours.id } };
}

type Side = readonly [TableMetadata, Content];

/**
 * Of a materialized view that both sides refreshed: the rows of one side are as good as those of the other, for they say
 * what they were made of, and are not read where that is not what the merge comes to. Ours, or theirs where that is more
 * than a refresh; null where both are.
 */
function refreshedSide(base: TableMetadata, ours: Side, theirs: Side): Content | null {
  if (isSame(withoutRows(theirs[0]), withoutRows(base))) return ours[1];
  return isSame(withoutRows(ours[0]), withoutRows(base)) ? theirs[1] : null;
}

/** What is more to a table than its rows, their snapshots and their statistics. */
function withoutRows(metadata: TableMetadata) {
  const { formatVersion, location, properties, currentSchemaId, schemas } = metadata;
  const { defaultSpecId, partitionSpecs, defaultSortOrderId, sortOrders } = metadata;
  const refs = Object.entries(metadata.refs).filter(([name]) => name !== MAIN);
  return [
    [formatVersion, location, properties, refs],
    [currentSchemaId, schemas, defaultSpecId, partitionSpecs, defaultSortOrderId, sortOrders],
  ];
}

/** All that can't be combined in one table, under the kind of the first. */
function conflictOf(table: string, clashes: readonly [TableClash, ...TableClash[]]) {
  const [first] = clashes;
  const more = clashes.length > 1 ? ` (and ${clashes.length - 1} more)` : '';
  return {
    kind: first.kind,
    message: `${table}: ${first.message}${more}`,
    // 64-bit ids in what the clashes say become digits, since content and answers are plain JSON.
    detail: JSON.parse(stringifyJson({ clashes })) as Record<string, unknown>,
  };
}
