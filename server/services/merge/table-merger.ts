import type { Catalog } from '#server/catalog/catalog.ts';
import type {
  ContentMerger,
  ContentMergeResult,
  ContentToMerge,
} from '#server/catalog/merge/content-merger.ts';
import type { TableClash } from '#server/iceberg/merge/clash.ts';
import { mergeTables } from '#server/iceberg/merge/merge-tables.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { stringifyJson } from '#shared/util/json.ts';
import {
  ICEBERG_TABLE,
  isReadOnly,
  loadContent,
  rememberMetadata,
  tableContent,
  tableId,
} from '../tables/index.ts';

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
export function createTableMerger({ io, manifests, catalog }: TableMergerOptions): ContentMerger {
  const reading = { io, ...(catalog === undefined ? {} : { catalog }) };
  return {
    async merge(input: ContentToMerge): Promise<ContentMergeResult> {
      const { key, dryRun } = input;
      const contents = [input.base, input.ours, input.theirs];
      if (input.base.type !== ICEBERG_TABLE || contents.some(isReadOnly)) {
        const name = tableId(key);
        return { conflict: { kind: 'VALUE_DIFFERS', message: `Both sides changed ${name}.` } };
      }
      const [base, ours, theirs] = await Promise.all([
        loadContent(reading, key, input.base),
        loadContent(reading, key, input.ours),
        loadContent(reading, key, input.theirs),
      ]);
      const merged = await mergeTables({
        io,
        base: base.metadata,
        ours,
        theirs: theirs.metadata,
        dryRun,
        ...(manifests === undefined ? {} : { cache: manifests }),
      });
      if (!('staged' in merged)) return { conflict: conflictOf(tableId(key), merged.clashes) };
      if (merged.staged === null) {
        if (!dryRun) return { content: input.ours };
        // As it would be; where its metadata will be is not known before it is written.
        return { content: { ...input.ours, value: { ...input.ours.value, mergePending: true } } };
      }
      const { metadata, newMetadataLocation } = merged.staged;
      rememberMetadata(io, newMetadataLocation, metadata);
      return { content: { ...tableContent(metadata, newMetadataLocation), id: input.ours.id } };
    },
  };
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
