import type { TableDiffSummary } from '#shared/contract/diff.ts';
import { findFieldById } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { FileState, ofContent } from '#server/iceberg/merge/file-state.ts';
import type { ManifestEntry } from '#server/iceberg/manifest/data-file.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import {
  currentSchema,
  currentSnapshot,
  defaultSortOrder,
  defaultSpec,
} from '#server/iceberg/metadata/lookup.ts';
import { rowCountOf } from '#server/iceberg/metadata/row-count.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { diffSchemas } from './schema-diff.ts';

/** How two versions of a table differ, by their metadata and the manifests that only one of them has. */
export async function summarizeTableDiff(
  { io, manifests }: { readonly io: FileIO; readonly manifests?: ManifestCache },
  before: TableMetadata | null,
  after: TableMetadata | null,
): Promise<TableDiffSummary> {
  const options = manifests === undefined ? {} : { cache: manifests };
  const states = await FileState.openAll(io, { before, after }, options);
  const { added, removed } = await states.after.since(states.before);
  const [addedData, removedData] = [ofContent(added, 'data'), ofContent(removed, 'data')];
  const partitioning = change('partitioning', before, after, describeSpec);
  const sortOrder = change('sort order', before, after, describeOrder);
  return {
    rowsBefore: totalRows(before),
    rowsAfter: totalRows(after),
    addedFiles: addedData.length,
    removedFiles: removedData.length,
    addedDeleteFiles: ofContent(added, 'deletes').length,
    removedDeleteFiles: ofContent(removed, 'deletes').length,
    rowsInAddedFiles: rowsIn(addedData),
    rowsInRemovedFiles: rowsIn(removedData),
    schema: diffSchemas(
      before === null ? null : currentSchema(before),
      after === null ? null : currentSchema(after),
    ),
    properties: diffProperties(before?.properties ?? {}, after?.properties ?? {}),
    ...(partitioning === null ? {} : { partitioning }),
    ...(sortOrder === null ? {} : { sortOrder }),
  };
}

function totalRows(metadata: TableMetadata | null): string {
  return metadata === null ? '0' : String(rowCountOf(currentSnapshot(metadata)).rows);
}

function rowsIn(entries: readonly ManifestEntry[]): string {
  return String(entries.reduce((sum, { dataFile }) => sum + dataFile.recordCount, 0n));
}

function diffProperties(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): TableDiffSummary['properties'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }));
}

function change(
  name: string,
  before: TableMetadata | null,
  after: TableMetadata | null,
  describe: (metadata: TableMetadata) => string,
) {
  const sides = [before, after].map((metadata) => (metadata === null ? null : describe(metadata)));
  const [was = null, now = null] = sides;
  return was === now ? null : { name, before: was, after: now };
}

function describeSpec(metadata: TableMetadata): string {
  const name = nameIn(metadata);
  return defaultSpec(metadata)
    .fields.map(({ transform, sourceId }) => `${transform}(${name(sourceId)})`)
    .join(', ');
}

function describeOrder(metadata: TableMetadata): string {
  const name = nameIn(metadata);
  return defaultSortOrder(metadata)
    .fields.map(({ transform, sourceId, direction }) => `${transform}(${name(sourceId)}) ${direction}`)
    .join(', ');
}

function nameIn(metadata: TableMetadata): (id: number) => string {
  const schema = currentSchema(metadata);
  return (id) => findFieldById(schema, id)?.name ?? `field ${id}`;
}
