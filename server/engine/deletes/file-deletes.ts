import { createHash } from 'node:crypto';
import {
  NAME_MAPPING_PROPERTY,
  parseNameMapping,
  type NameMapping,
} from '#shared/iceberg/files/name-mapping.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { relocationKey } from '../../iceberg/metadata/relocation.ts';
import { partitionKey } from '../../iceberg/scan/partition-key.ts';
import type { PlannedDelete, PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { FileConstants } from '../plan/file-constants.ts';
import { equalityColumns, type EqualityColumn } from './equality-columns.ts';

/** A data file with the delete files that apply to it: what says which of its rows are deleted. */
export interface FileDeletes {
  /** 64 hex digits; equal keys have equal deleted rows for good, since none of the files ever changes. */
  readonly key: string;
  readonly file: DataFile;
  readonly sequenceNumber: bigint;
  readonly deletes: readonly PlannedDelete[];
  /** Of the snapshot that they were planned for. */
  readonly table: TableDeletes;
  /** SQL by field id, for columns that deletes are by and that the file may lack; see the contract's ScanFile. */
  readonly constants: Readonly<Record<string, string>> | null;
}

/** What the files that have the same deletes have in common. */
interface SharedDeletes {
  readonly digest: string;
  /** That rows are compared by. */
  readonly columns: readonly NestedField[];
}

/** The deletes of a table's data files in one snapshot. */
export class TableDeletes {
  readonly #metadata: TableMetadata;
  readonly #schemas: readonly Schema[];
  readonly #constants: FileConstants;
  /** Files share the array of their deletes, where the same ones apply. */
  readonly #shared = new Map<readonly PlannedDelete[], SharedDeletes>();
  #nameMapping: NameMapping | null | undefined;

  constructor(metadata: TableMetadata) {
    this.#metadata = metadata;
    const isCurrent = (schema: Schema) => schema.schemaId === metadata.currentSchemaId;
    this.#schemas = [
      ...metadata.schemas.filter(isCurrent),
      ...metadata.schemas.filter((schema) => !isCurrent(schema)).reverse(),
    ];
    this.#constants = new FileConstants(metadata);
  }

  /** Null for a file to which no delete applies. @throws CORRUPT_METADATA as equalityColumns */
  of({ file, sequenceNumber, deletes }: PlannedFile): FileDeletes | null {
    if (deletes.length === 0) return null;
    let shared = this.#shared.get(deletes);
    if (shared === undefined) this.#shared.set(deletes, (shared = this.#share(deletes)));
    const { digest, columns } = shared;
    const constants = columns.length === 0 ? null : this.#constants.of(file, columns);
    // How the file is read matters to deletes by value alone.
    const mapping = columns.length === 0 ? undefined : this.#metadata.properties[NAME_MAPPING_PROPERTY];
    const key = sha256([file.filePath, file.recordCount, digest, constants, mapping ?? null]);
    return { key, file, sequenceNumber, deletes, table: this, constants };
  }

  /** @throws CORRUPT_METADATA */
  get nameMapping(): NameMapping | null {
    if (this.#nameMapping === undefined) {
      const text = this.#metadata.properties[NAME_MAPPING_PROPERTY];
      this.#nameMapping = text === undefined ? null : parseNameMapping(text);
    }
    return this.#nameMapping;
  }

  /** The columns that an equality delete file deletes by. @throws CORRUPT_METADATA as equalityColumns */
  columnsOf(file: DataFile): readonly EqualityColumn[] {
    return equalityColumns(file, this.#schemas);
  }

  /** Equal for delete files that apply to data files of the same partition, or of the whole table. */
  scopeOf(file: DataFile): string {
    return partitionKey(
      file,
      this.#metadata.partitionSpecs.find(({ specId }) => specId === file.specId),
    );
  }

  #share(deletes: readonly PlannedDelete[]): SharedDeletes {
    const byId = new Map<number, NestedField>();
    for (const { file } of deletes)
      if (file.content === 'equality-deletes')
        for (const { column } of this.columnsOf(file)) byId.set(column.id, column);
    const described = deletes.map((planned) => this.#describe(planned.file)).sort();
    return { digest: sha256(described), columns: [...byId.values()] };
  }

  /** All that the deleted rows depend on. */
  #describe(file: DataFile): string {
    const where = [file.content, file.filePath, file.contentOffset ?? null, file.contentSizeInBytes ?? null];
    const columns = file.content === 'equality-deletes' ? this.columnsOf(file) : [];
    return stringifyJson([
      ...where,
      // A column's type and default may change without the files.
      columns.map(({ fieldId, column, sqlType }) => [fieldId, sqlType, column]),
      ...(file.relocation === undefined ? [] : [relocationKey(file.relocation)]),
    ]);
  }
}

function sha256(content: readonly unknown[]): string {
  return createHash('sha256').update(stringifyJson(content)).digest('hex');
}
