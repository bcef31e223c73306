import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList, type ReadOptions } from '../manifest/load-manifests.ts';

/** Ids of what nothing in a table is of any more. */
export interface UnusedDefinitions {
  readonly schemaIds: readonly number[];
  readonly specIds: readonly number[];
}

/**
 * Schemas and partition specs that neither the table nor one of its snapshots uses. A schema is used by the
 * snapshots that were written with it, and where it alone knows a column that rows are still deleted by; a spec by
 * the manifests of its files.
 *
 * @throws FILE_NOT_FOUND, CORRUPT_FILE, CORRUPT_METADATA: nothing is called unused while something cannot be read
 */
export async function unusedDefinitions(
  io: FileIO,
  metadata: TableMetadata,
  options: ReadOptions = {},
): Promise<UnusedDefinitions> {
  const { schemas, partitionSpecs, snapshots, currentSchemaId, defaultSpecId } = metadata;
  const usedSchemas = new Set([currentSchemaId, ...snapshots.map(({ schemaId }) => schemaId)]);
  // With one of each there is nothing to find, however long the history is.
  if (schemas.every(({ schemaId }) => usedSchemas.has(schemaId)) && partitionSpecs.length === 1)
    return { schemaIds: [], specIds: [] };
  const manifests = new Map<string, ManifestFile>();
  for (const snapshot of snapshots)
    for (const manifest of await loadManifestList(io, snapshot, options))
      manifests.set(manifest.manifestPath, manifest);

  const usedSpecs = new Set([defaultSpecId]);
  const deletedBy = new Set<number>();
  for (const manifest of manifests.values()) {
    usedSpecs.add(manifest.partitionSpecId);
    // Old v1 lists have manifests that only say themselves of which spec they are.
    if (manifest.content !== 'deletes' && metadata.formatVersion > 1) continue;
    for (const { dataFile } of await loadManifest(io, manifest, options)) {
      usedSpecs.add(dataFile.specId);
      for (const id of dataFile.equalityIds ?? []) deletedBy.add(id);
    }
  }
  for (const id of deletedBy) keepColumn(id, schemas, usedSchemas);
  return {
    schemaIds: schemas.map(({ schemaId }) => schemaId).filter((id) => !usedSchemas.has(id)),
    specIds: partitionSpecs.map(({ specId }) => specId).filter((id) => !usedSpecs.has(id)),
  };
}

export function removalOf({ schemaIds, specIds }: UnusedDefinitions): readonly TableUpdate[] {
  return [
    ...(specIds.length === 0 ? [] : [{ action: 'remove-partition-specs' as const, specIds }]),
    ...(schemaIds.length === 0 ? [] : [{ action: 'remove-schemas' as const, schemaIds }]),
  ];
}

/** Uses the newest schema that has a column, unless one that is used has it. */
function keepColumn(id: number, schemas: readonly Schema[], used: Set<number | undefined>): void {
  const having = schemas.filter((schema) => indexById(schema).has(id)).map(({ schemaId }) => schemaId);
  if (having.some((schemaId) => used.has(schemaId))) return;
  const newest = having.at(-1);
  if (newest !== undefined) used.add(newest);
}
