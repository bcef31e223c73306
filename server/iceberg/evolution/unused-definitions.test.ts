import { describe, expect, it } from 'vitest';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { createTableMetadata } from '../metadata/create.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { deleteFiles } from '../transaction/delete-files.ts';
import { rowDelta } from '../transaction/row-delta.ts';
import type { StagedCommit } from '../transaction/staged-commit.ts';
import { expireSnapshots } from './expire-snapshots.ts';
import { removalOf, unusedDefinitions } from './unused-definitions.ts';

const field = (id: number, name: string, type: IcebergType = 'int') => ({ id, name, type, required: false });
const schemaOf = (...fields: ReturnType<typeof field>[]): Schema => ({
  schemaId: 0,
  identifierFieldIds: [],
  fields,
});

/** A table over whose life its columns and its partitioning change. */
class Life {
  readonly io = createMemoryFileIO();
  base: LoadedTable = {
    metadata: createTableMetadata({
      location: `${this.io.root}/t`,
      schema: schemaOf(field(1, 'a'), field(2, 'b')),
    }),
    metadataLocation: null,
  };

  take(staged: StagedCommit): void {
    this.base = { metadata: staged.metadata, metadataLocation: staged.newMetadataLocation };
  }

  change(...updates: TableUpdate[]): void {
    const metadata = applyUpdates(this.base.metadata, updates, { metadataLocation: null });
    this.base = { ...this.base, metadata };
  }

  setSchema(...fields: ReturnType<typeof field>[]): void {
    this.change(
      { action: 'add-schema', schema: schemaOf(...fields) },
      { action: 'set-current-schema', schemaId: -1 },
    );
  }

  setSpec(sourceId: number, name: string): void {
    this.change(
      { action: 'add-spec', spec: { fields: [{ sourceId, name, transform: 'identity' }] } },
      { action: 'set-default-spec', specId: -1 },
    );
  }

  file(name: string, over: Partial<DataFile> = {}): DataFile {
    const { defaultSpecId: specId, partitionSpecs } = this.base.metadata;
    const fields = partitionSpecs.find((spec) => spec.specId === specId)?.fields ?? [];
    return {
      content: 'data',
      filePath: `${this.io.root}/t/data/${name}.parquet`,
      fileFormat: 'PARQUET',
      specId,
      partition: new Map(fields.map(({ fieldId }) => [fieldId, 1])),
      recordCount: 1n,
      fileSizeInBytes: 100n,
      ...over,
    };
  }

  async append(name: string): Promise<DataFile> {
    const file = this.file(name);
    this.take(await appendFiles({ io: this.io, base: this.base, dataFiles: [file], mode: 'fast' }));
    return file;
  }

  /** Expires what is not current and removes what nothing uses then. */
  async clean(): Promise<{ schemas: readonly number[]; specs: readonly number[] }> {
    const { change } = expireSnapshots(this.base.metadata, { olderThanMs: Date.now() + 1e6 });
    this.change(...change.updates);
    this.change(...removalOf(await unusedDefinitions(this.io, this.base.metadata)));
    const { schemas, partitionSpecs } = this.base.metadata;
    return {
      schemas: schemas.map(({ schemaId }) => schemaId),
      specs: partitionSpecs.map(({ specId }) => specId),
    };
  }
}

describe('what no snapshot uses any more', () => {
  it('goes: schemas with the snapshots that were written with them, specs with the last file of theirs', async () => {
    const life = new Life();
    const first = await life.append('first');
    life.setSchema(field(1, 'a'), field(2, 'b'), field(3, 'c'));
    life.setSpec(1, 'a');
    await life.append('second');
    life.setSchema(field(1, 'a'), field(3, 'c'));
    life.setSpec(3, 'c');
    expect(await life.clean()).toEqual({ schemas: [1, 2], specs: [0, 1, 2] });
    // The file of the first spec goes: that snapshot lists it as removed, the one after it no longer.
    life.take(await deleteFiles({ io: life.io, base: life.base, paths: [first.filePath] }));
    await life.append('third');
    expect(await life.clean()).toEqual({ schemas: [2], specs: [1, 2] });
    // What a new column or partition gets is never an id that something had.
    life.setSchema(field(1, 'a'), field(3, 'c'), field(4, 'd'));
    expect(life.base.metadata.lastColumnId).toBe(4);
    life.setSpec(4, 'd');
    expect(life.base.metadata.partitionSpecs.at(-1)).toMatchObject({
      specId: 3,
      fields: [{ fieldId: 1002 }],
    });
  });

  it('does not go where rows are still deleted by a column that it alone has', async () => {
    const life = new Life();
    await life.append('first');
    life.setSchema(field(1, 'a'), field(2, 'b'), field(3, 'c'));
    life.setSchema(field(1, 'a'), field(3, 'c'));
    const deletes = life.file('deletes', { content: 'equality-deletes', equalityIds: [2] });
    life.take(await rowDelta({ io: life.io, base: life.base, deleteFiles: [deletes] }));
    expect(await life.clean()).toEqual({ schemas: [1, 2], specs: [0] });
  });

  it('is nothing where a manifest list cannot be read', async () => {
    const life = new Life();
    await life.append('first');
    life.setSpec(1, 'a');
    await life.io.delete(life.base.metadata.snapshots[0]?.manifestList ?? '');
    await expect(unusedDefinitions(life.io, life.base.metadata)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
