import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { loadManifestList } from '../../iceberg/manifest/load-manifests.ts';
import { ManifestCache } from '../../iceberg/manifest/manifest-cache.ts';
import { currentSnapshot } from '../../iceberg/metadata/lookup.ts';
import { planFiles } from '../../iceberg/scan/plan-files.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { DeletedRows } from '../deletes/deleted-rows.ts';
import { executableScans } from '../execute/executable-scans.ts';
import { cachedFileIO } from '../object-cache/cached-file-io.ts';
import { DiskCache } from '../object-cache/disk-cache.ts';
import { deletionVector, equalityDeletes, positionDeletes } from '../testing/delete-files.ts';
import { TableFixture } from '../testing/table-fixture.ts';
import { fileOpener } from './open-files.ts';

let tables: TableFixture;
let objects: FileIO;

beforeAll(async () => {
  tables = await TableFixture.open();
  const cache = await DiskCache.open({
    directory: join(tables.folder, 'copies/objects'),
    maxBytes: 1e9,
    origin: 'missing-files',
    inUseMs: 60_000,
  });
  // What an object store is to the engine: nothing of it can be opened before it is fetched.
  const { io } = tables;
  const distant: FileIO = {
    root: io.root,
    read: async (location, range, signal) => io.read(location, range, signal),
    stat: async (location) => io.stat(location),
    exists: async (location) => io.exists(location),
    putIfAbsent: async (location, bytes) => io.putIfAbsent(location, bytes),
    adopt: async (localPath, location) => io.adopt(localPath, location),
    delete: async (location) => io.delete(location),
    list: (prefix) => io.list(prefix),
    localPath: () => null,
  };
  objects = cachedFileIO(distant, cache);
});
afterAll(() => tables.close());

/** Each makes of a table of one file, [0, 1, 2], one with a file to lose, and says where that is. */
const KINDS: Readonly<
  Record<string, (name: string, metadata: TableMetadata, data: DataFile) => Promise<string>>
> = {
  'data file': async (_name, _metadata, data) => data.filePath,
  'Avro data file': async (name, _metadata, data) => {
    const avro: DataFile = { ...data, filePath: `${data.filePath}.avro`, fileFormat: 'AVRO' };
    await tables.io.putIfAbsent(avro.filePath, new Uint8Array(9));
    await tables.commit(name, [avro]);
    return avro.filePath;
  },
  'manifest list': async (_name, metadata) => currentSnapshot(metadata)?.manifestList ?? '',
  manifest: async (_name, metadata) => {
    const snapshot = currentSnapshot(metadata);
    const manifests = snapshot === undefined ? [] : await loadManifestList(tables.io, snapshot);
    return manifests[0]?.manifestPath ?? '';
  },
  'position delete file': async (name, metadata, { filePath: path }) =>
    deletedBy(name, await positionDeletes(tables, metadata, [{ path, position: 0 }])),
  'equality delete file': async (name, metadata) =>
    deletedBy(name, await equalityDeletes(tables, metadata, 'SELECT 1::BIGINT AS a', [1])),
  'deletion vector': async (name, metadata, data) => {
    tables.replace(name, { ...metadata, formatVersion: 3, nextRowId: 0n });
    return deletedBy(name, await deletionVector(tables, metadata, data, [0]));
  },
};

async function deletedBy(name: string, file: DataFile): Promise<string> {
  await tables.commit(name, [file]);
  return file.filePath;
}

describe.each([
  ['a folder', () => tables.io],
  ['an object store', () => objects],
])('in %s', (where, store) => {
  it.each(Object.keys(KINDS))('%s: where it is gone, that is FILE_NOT_FOUND and named', async (kind) => {
    const name = `${where} ${kind}`.replaceAll(' ', '_').toLowerCase();
    const metadata = await tables.append(name, 'SELECT i AS a FROM range(3) t(i)');
    const [data] = (await planFiles({ io: tables.io, metadata })).files;
    const location = await KINDS[kind]?.(name, metadata, data?.file as DataFile);
    expect(await tables.io.exists(location ?? '')).toBe(true);
    await tables.io.delete(location ?? '');

    const io = store();
    const opener = fileOpener(io, tables.copies);
    const deletedRows = new DeletedRows({ io, opener, engine: tables.engine, cacheBytes: 1e6 });
    const read = async () => {
      const planned = await tables.plan(`SELECT sum(a) FROM ${name}`, {
        io,
        manifests: new ManifestCache(1e6),
      });
      const scans = await executableScans({ opener, deletedRows, sources: planned.sources });
      const { plan, source } = planned;
      return tables.engine.json({ sql: plan.sql, columns: plan.columns, source, scans });
    };
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(isAppError(error) && error.message).toContain(location?.replace(/^file:\/\//, ''));
  });
});
