import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { ManifestCache } from '../manifest/manifest-cache.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { loadTable, type LoadedTable } from '../metadata/load.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { planFiles, type PlanFilesInput } from './plan-files.ts';

const schema = schemaFromColumns([{ name: 'id', sqlType: 'BIGINT' }]);
const file = (name: string, fileFormat: DataFile['fileFormat'] = 'PARQUET'): DataFile => ({
  content: 'data',
  filePath: `memory://warehouse/t/data/${name}`,
  fileFormat,
  specId: 0,
  partition: new Map(),
  recordCount: 1n,
  fileSizeInBytes: 1n,
});

async function table(io: FileIO, ...appends: DataFile[][]): Promise<LoadedTable> {
  const metadata = createTableMetadata({ location: `${io.root}/t`, schema });
  let base: LoadedTable = { metadata, metadataLocation: null };
  for (const dataFiles of appends) {
    base = await loadTable(io, (await appendFiles({ io, base, dataFiles })).newMetadataLocation);
  }
  return base;
}

/** Counts what is read; a location that ends so is answered with these bytes. */
function spying(io: FileIO, replaced: Record<string, Uint8Array> = {}) {
  const read: string[] = [];
  const spy: FileIO = Object.assign(Object.create(io) as FileIO, {
    read: async (location: string, ...rest: []) => {
      read.push(location);
      const end = Object.keys(replaced).find((suffix) => location.endsWith(suffix));
      return end === undefined ? io.read(location, ...rest) : (replaced[end] ?? new Uint8Array());
    },
  });
  return { spy, read };
}

describe('planFiles', () => {
  it('plans nothing of a table without a snapshot', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io);
    const plan = await planFiles({ io, metadata });
    expect(plan).toMatchObject({ files: [], filesKnown: 0, manifestsRead: 0 });
    expect(plan).not.toHaveProperty('snapshot');
  });

  it('reads what never changes only once', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')], [file('b')]);
    const cache = new ManifestCache(10_000_000);
    const { spy, read } = spying(io);
    const first = await planFiles({ io: spy, metadata, cache });
    expect(read).toHaveLength(3);
    const again = await planFiles({ io: spy, metadata, cache });
    expect(read).toHaveLength(3);
    expect(again.files).toEqual(first.files);
  });

  it('keeps a cache within its bounds', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')]);
    const cache = new ManifestCache(100);
    const { spy, read } = spying(io);
    await planFiles({ io: spy, metadata, cache });
    await planFiles({ io: spy, metadata, cache });
    expect(read).toHaveLength(4);
  });

  it('knows no snapshot that is not there', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')]);
    await expect(planFiles({ io, metadata, snapshotId: 5n })).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_FOUND',
    });
  });

  it('plans a branch, a tag or a time of the table', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')], [file('b')]);
    const [first, second] = metadata.snapshots;
    if (first === undefined || second === undefined) throw new TypeError('no snapshots');
    const tagged: TableMetadata = {
      ...metadata,
      refs: { ...metadata.refs, v1: { snapshotId: first.snapshotId, type: 'tag' } },
    };
    const planned = async (at: Partial<PlanFilesInput>) =>
      (await planFiles({ io, metadata: tagged, ...at })).files.length;
    expect(await planned({ ref: 'v1' })).toBe(1);
    expect(await planned({ ref: 'main' })).toBe(2);
    expect(await planned({ asOf: second.timestampMs })).toBe(2);
    expect(await planned({ asOf: first.timestampMs - 1 })).toBe(0);
    await expect(planned({ ref: 'v2' })).rejects.toMatchObject({
      code: 'REF_NOT_FOUND',
      message: expect.stringContaining("no branch or tag 'v2'; it has main, v1"),
    });
  });

  it('refuses files that are not Parquet, naming them', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a.orc', 'ORC')]);
    await expect(planFiles({ io, metadata })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('t/data/a.orc of the table at'),
    });
  });

  it('names a manifest that is gone, and one that is damaged', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')]);
    const { spy } = spying(io, { '-m0.avro': new TextEncoder().encode('Obj') });
    await expect(planFiles({ io: spy, metadata })).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringMatching(/-m0\.avro is damaged or no Avro file/),
    });
    for await (const { location } of io.list(`${io.root}/t/metadata`))
      if (location.endsWith('-m0.avro')) await io.delete(location);
    await expect(planFiles({ io, metadata })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: expect.stringMatching(/-m0\.avro, which snapshot \d+ of the table is made of, is gone/),
    });
  });

  it('fails once where many manifests fail, whichever is first', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')], [file('b')], [file('c')]);
    // The first that is waited for fails last: an unhandled rejection would fail the run.
    let delay = 30;
    const late: FileIO = Object.assign(Object.create(io) as FileIO, {
      read: async (location: string, ...rest: []) => {
        if (!location.endsWith('-m0.avro')) return io.read(location, ...rest);
        delay -= 10;
        await new Promise((resolve) => setTimeout(resolve, delay));
        return new TextEncoder().encode('Obj');
      },
    });
    await expect(planFiles({ io: late, metadata })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });

  it('stops when it is cancelled', async () => {
    const io = createMemoryFileIO();
    const { metadata } = await table(io, [file('a')]);
    await expect(planFiles({ io, metadata, signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
