import { createHash } from 'node:crypto';
import {
  NAME_MAPPING_PROPERTY,
  parseNameMapping,
  type NameMapping,
} from '#shared/iceberg/files/name-mapping.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import type { PlannedDelete, PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { FileConstants } from '../plan/file-constants.ts';
import { equalityColumns } from './equality-columns.ts';

/** A data file with the delete files that apply to it: what says which of its rows are deleted. */
export interface FileDeletes {
  /** 64 hex digits; equal keys have equal deleted rows for good, since none of the files ever changes. */
  readonly key: string;
  readonly file: DataFile;
  readonly deletes: readonly PlannedDelete[];
  /** The table's, newest first. */
  readonly schemas: readonly Schema[];
  readonly nameMapping: NameMapping | null;
  /** SQL by field id, for columns that deletes are by and that the file may lack; see the contract's ScanFile. */
  readonly constants: Readonly<Record<string, string>> | null;
}

/** The deletes of one table's data files. */
export class TableDeletes {
  readonly #schemas: readonly Schema[];
  readonly #nameMapping: string | undefined;
  readonly #constants: FileConstants;
  /** Files share the array of their deletes, where the same ones apply. */
  readonly #digests = new Map<readonly PlannedDelete[], string>();

  constructor(metadata: TableMetadata) {
    const isCurrent = (schema: Schema) => schema.schemaId === metadata.currentSchemaId;
    this.#schemas = [
      ...metadata.schemas.filter(isCurrent),
      ...metadata.schemas.filter((schema) => !isCurrent(schema)).reverse(),
    ];
    this.#nameMapping = metadata.properties[NAME_MAPPING_PROPERTY];
    this.#constants = new FileConstants(metadata);
  }

  /** Null for a file to which no delete applies. @throws CORRUPT_METADATA as equalityColumns, parseNameMapping */
  of({ file, deletes }: PlannedFile): FileDeletes | null {
    if (deletes.length === 0) return null;
    let digest = this.#digests.get(deletes);
    if (digest === undefined) {
      digest = sha256(deletes.map((planned) => this.#describe(planned.file)).sort());
      this.#digests.set(deletes, digest);
    }
    const columns = deletes
      .filter((planned) => planned.file.content === 'equality-deletes')
      .flatMap((planned) => equalityColumns(planned.file, this.#schemas).map(({ column }) => column));
    const constants = this.#constants.of(file, columns);
    // How the file is read matters to deletes by value alone.
    const mapping = columns.length === 0 ? undefined : this.#nameMapping;
    return {
      key: sha256([file.filePath, file.recordCount, digest, constants, mapping ?? null]),
      file,
      deletes,
      schemas: this.#schemas,
      nameMapping: mapping === undefined ? null : parseNameMapping(mapping),
      constants,
    };
  }

  /** All that the deleted rows depend on. */
  #describe(file: DataFile): string {
    const where = [file.content, file.filePath, file.contentOffset ?? null, file.contentSizeInBytes ?? null];
    const columns = file.content === 'equality-deletes' ? equalityColumns(file, this.#schemas) : [];
    return stringifyJson([
      ...where,
      // A column's type and default may change without the files.
      columns.map(({ fieldId, column, sqlType }) => [fieldId, sqlType, column]),
    ]);
  }
}

function sha256(content: readonly unknown[]): string {
  return createHash('sha256').update(stringifyJson(content)).digest('hex');
}
