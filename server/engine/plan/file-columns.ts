import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { ScanFile } from '#shared/contract/plan.ts';

/** What one table's data files hold of its columns. Manifests do not say all of it; see each method. */
export class FileColumns {
  readonly #metadata: TableMetadata;
  readonly #schemas = new Map<bigint, Schema | null>();

  constructor(metadata: TableMetadata) {
    this.#metadata = metadata;
  }

  /**
   * A scan's columns in a file, in their order; null for one that the file was written without. Neither the schema
   * nor the sizes say that for sure: a compacted file is newer than the snapshot whose place it has, and sizes may be
   * left out. So null takes both; where one of them errs, the file itself says that it lacks the column.
   */
  describe(planned: PlannedFile, fields: readonly NestedField[]): ScanFile['columns'] {
    const schema = this.#writtenWith(planned.sequenceNumber);
    return fields.map((field) => {
      const inside = schema?.fields.find((other) => other.id === field.id);
      if (schema !== null && inside === undefined && lacksSize(planned.file, field)) return null;
      const column = inside ?? field;
      return { name: column.name, bytes: this.#bytes(planned.file, column, schema) };
    });
  }

  /** The schema of the snapshot that added the file; null where that snapshot has expired. */
  #writtenWith(sequenceNumber: bigint): Schema | null {
    const known = this.#schemas.get(sequenceNumber);
    if (known !== undefined) return known;
    const snapshot =
      sequenceNumber === 0n
        ? undefined
        : this.#metadata.snapshots.find((candidate) => candidate.sequenceNumber === sequenceNumber);
    const schema =
      this.#metadata.schemas.find((candidate) => candidate.schemaId === snapshot?.schemaId) ?? null;
    this.#schemas.set(sequenceNumber, schema);
    return schema;
  }

  /** From the manifest; where it does not say, the file's bytes in equal parts. */
  #bytes(file: DataFile, field: NestedField, schema: Schema | null): number {
    const known = knownBytes(file, field);
    if (known !== null) return known;
    const columns = (schema ?? this.#metadata.schemas.at(-1))?.fields.length ?? 1;
    return Math.ceil(Number(file.fileSizeInBytes) / Math.max(1, columns));
  }
}

/** Sizes are there, and none for the column. */
function lacksSize(file: DataFile, field: NestedField): boolean {
  return file.columnSizes !== undefined && file.columnSizes.size > 0 && knownBytes(file, field) === null;
}

function knownBytes(file: DataFile, field: NestedField): number | null {
  let bytes: number | null = null;
  for (const inner of walkFields({ fields: [field] })) {
    const size = file.columnSizes?.get(inner.field.id);
    if (size !== undefined) bytes = (bytes ?? 0) + Number(size);
  }
  return bytes;
}
