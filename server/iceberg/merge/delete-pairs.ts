import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { ManifestEntry } from '../manifest/data-file.ts';
import { DeleteIndex, type PlannedDelete } from '../scan/delete-index.ts';
import { fileKeyOf } from '../transaction/file-key.ts';
import { schemasNewestFirst } from '../transaction/snapshot-scratch.ts';
import { ofContent, type LiveFiles } from './file-state.ts';

/** Below every sequence number: all deletes of the same rows are as young or younger. */
const BEFORE_ALL = -1n;

/** Which delete files may delete rows of which data files, in one version of a table. */
export class DeletePairs {
  readonly #index: DeleteIndex | null;

  constructor(files: LiveFiles | readonly PlannedDelete[], metadata: TableMetadata) {
    const deletes = Array.isArray(files) ? files : plannedOf(files as LiveFiles);
    this.#index =
      deletes.length === 0
        ? null
        : new DeleteIndex(deletes, metadata.partitionSpecs, schemasNewestFirst(metadata));
  }

  /** Keys of the delete files that a scan applies to the data file. */
  of({ dataFile, sequenceNumber }: ManifestEntry): ReadonlySet<string> {
    return new Set(this.#index?.deletesOf(dataFile, sequenceNumber).map(({ file }) => fileKeyOf(file)));
  }

  /** Those that would apply if they were younger than the data file. */
  near({ dataFile }: ManifestEntry): readonly PlannedDelete[] {
    return this.#index?.deletesOf(dataFile, BEFORE_ALL) ?? [];
  }
}

function plannedOf(files: LiveFiles): readonly PlannedDelete[] {
  return ofContent(files, 'deletes').map(({ dataFile, sequenceNumber }) => ({
    file: dataFile,
    sequenceNumber,
  }));
}

export function sameKeys(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((key) => b.has(key));
}
