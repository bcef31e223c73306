import type { Schema } from '#shared/iceberg/schema.ts';
import type { WrittenFile } from '#shared/iceberg/testing/evolution.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { deletionVectorBlob } from '../../iceberg/deletes/deletion-vector.ts';
import { PositionSet } from '../../iceberg/deletes/position-set.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { dataLocation } from '../../iceberg/metadata/locations.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { writePuffin } from '../../iceberg/puffin/write-puffin.ts';
import { avroFile } from './avro-files.ts';
import type { TableFixture } from './table-fixture.ts';

/** What writes files of tables: a fixture, or anything else that does. */
export type Warehouse = Pick<TableFixture, 'io' | 'write'>;

/** A file of the table in Avro in place of one in Parquet. */
export async function asAvro(
  tables: Pick<TableFixture, 'io'>,
  file: DataFile,
  content: WrittenFile,
): Promise<DataFile> {
  const filePath = file.filePath.replace(/\.parquet$/, '.avro');
  const bytes = avroFile(content);
  await tables.io.putIfAbsent(filePath, bytes);
  return { ...file, filePath, fileFormat: 'AVRO', fileSizeInBytes: BigInt(bytes.length) };
}

export const POSITION_SCHEMA: Schema = {
  schemaId: 0,
  identifierFieldIds: [],
  fields: [
    { id: 2147483546, name: 'file_path', required: true, type: 'string' },
    { id: 2147483545, name: 'pos', required: true, type: 'long' },
  ],
};

/** A Parquet file of position deletes. */
export async function positionDeletes(
  tables: Warehouse,
  metadata: TableMetadata,
  rows: readonly { readonly path: string; readonly position: number }[],
): Promise<DataFile> {
  const values = rows.map(({ path, position }) => `(${quoteLiteral(path)}, ${position})`);
  const query = `SELECT * FROM (VALUES ${values.join(', ')}) t(file_path, pos) ORDER BY ALL`;
  const [file] = await tables.write(metadata, query, POSITION_SCHEMA);
  return { ...(file as DataFile), content: 'position-deletes' };
}

/** A Puffin file of one deletion vector. */
export async function deletionVector(
  tables: Warehouse,
  metadata: TableMetadata,
  data: DataFile,
  positions: Iterable<number>,
): Promise<DataFile> {
  const set = PositionSet.of(positions);
  const { bytes, blobs } = writePuffin({ blobs: [deletionVectorBlob(data.filePath, set)], properties: {} });
  const [blob] = blobs;
  const filePath = `${dataLocation(metadata)}/${crypto.randomUUID()}.puffin`;
  await tables.io.putIfAbsent(filePath, bytes);
  return {
    content: 'position-deletes',
    filePath,
    fileFormat: 'PUFFIN',
    specId: data.specId,
    partition: data.partition,
    recordCount: BigInt(set.size),
    fileSizeInBytes: BigInt(bytes.length),
    referencedDataFile: data.filePath,
    contentOffset: BigInt(blob?.offset ?? 0),
    contentSizeInBytes: BigInt(blob?.length ?? 0),
  };
}

/**
 * A Parquet file of equality deletes.
 *
 * @param query its columns are called as the schema calls them
 * @param equalityIds by which it deletes; its columns may be more
 */
export async function equalityDeletes(
  tables: Warehouse,
  metadata: TableMetadata,
  query: string,
  equalityIds: readonly number[],
  schema: Schema = currentSchema(metadata),
): Promise<DataFile> {
  const written: Schema = { ...schema, fields: schema.fields.filter((field) => holds(field, equalityIds)) };
  const [file] = await tables.write(metadata, query, written);
  return { ...(file as DataFile), content: 'equality-deletes', equalityIds };
}

function holds(field: NestedField, ids: readonly number[]): boolean {
  if (ids.includes(field.id)) return true;
  return (
    typeof field.type !== 'string' &&
    field.type.type === 'struct' &&
    field.type.fields.some((inner) => holds(inner, ids))
  );
}
