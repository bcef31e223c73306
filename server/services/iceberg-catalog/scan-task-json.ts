import { parseTransform, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import { present } from '#shared/util/present.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { transformResultType } from '#server/iceberg/partition/transforms.ts';
import type { PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { valueToJson } from '#server/iceberg/values/json-value.ts';

/** Tasks of a page of planned files, with the delete files that they refer to, each once. */
export function scanTasksToJson(
  metadata: TableMetadata,
  planned: readonly PlannedFile[],
  filter: unknown,
): Record<string, unknown> {
  const writer = new FileWriter(metadata);
  const places = new Map<DataFile, number>();
  const placeOf = (file: DataFile) => {
    const place = places.get(file) ?? places.size;
    places.set(file, place);
    return place;
  };
  const tasks = planned.map(({ file, deletes }) => ({
    'data-file': writer.dataFile(file),
    ...(deletes.length === 0 ? {} : { 'delete-file-references': deletes.map((one) => placeOf(one.file)) }),
    ...(filter === undefined ? {} : { 'residual-filter': filter }),
  }));
  return {
    'file-scan-tasks': tasks,
    ...(places.size === 0
      ? {}
      : { 'delete-files': [...places.keys()].map((file) => writer.deleteFile(file)) }),
  };
}

class FileWriter {
  private readonly specs: ReadonlyMap<number, PartitionSpec>;
  private readonly schemas: readonly Schema[];

  constructor(metadata: TableMetadata) {
    this.specs = new Map(metadata.partitionSpecs.map((spec) => [spec.specId, spec]));
    this.schemas = metadata.schemas.toReversed();
  }

  dataFile(file: DataFile): Record<string, unknown> {
    return { ...this.contentFile(file), ...present({ 'first-row-id': file.firstRowId }) };
  }

  deleteFile(file: DataFile): Record<string, unknown> {
    return {
      ...this.contentFile(file),
      ...present({
        'equality-ids': file.equalityIds,
        'referenced-data-file': file.referencedDataFile,
        'content-offset': file.contentOffset,
        'content-size-in-bytes': file.contentSizeInBytes,
      }),
    };
  }

  private contentFile(file: DataFile): Record<string, unknown> {
    return present({
      content: file.content,
      'file-path': file.filePath,
      'file-format': file.fileFormat.toLowerCase(),
      'spec-id': file.specId,
      partition: this.partition(file),
      'file-size-in-bytes': file.fileSizeInBytes,
      'record-count': file.recordCount,
      'split-offsets': file.splitOffsets,
      'sort-order-id': file.sortOrderId,
    });
  }

  private partition(file: DataFile): readonly unknown[] {
    const { fields = [] } = this.specs.get(file.specId) ?? {};
    return fields.map(({ fieldId, sourceId, transform }) => {
      const value = file.partition.get(fieldId) ?? null;
      const type = this.resultType(sourceId, transform);
      return value === null || type === null ? value : valueToJson(type, value);
    });
  }

  /** Null where no schema has the source any more; such a value is as it is. */
  private resultType(sourceId: number, transform: string): PrimitiveType | null {
    for (const schema of this.schemas) {
      const field = findFieldById(schema, sourceId);
      if (field !== undefined && isPrimitive(field.type)) {
        return transformResultType(parseTransform(transform), field.type);
      }
    }
    return null;
  }
}
