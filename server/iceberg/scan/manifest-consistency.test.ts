import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import { createMemoryFileIO } from '../../storage/memory-file-io.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { writeManifestList } from '../manifest/manifest-list.ts';
import { writeManifest, type NewManifestEntry } from '../manifest/write-manifest.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { planFiles } from './plan-files.ts';

const schema = schemaFromColumns([{ name: 'id', sqlType: 'BIGINT' }]);
const file = (
  name: string,
  content: DataFile['content'] = 'data',
  more: Partial<DataFile> = {},
): DataFile => ({
  content,
  filePath: `memory://warehouse/t/data/${name}`,
  fileFormat: 'PARQUET',
  specId: 0,
  partition: new Map(),
  recordCount: 1n,
  fileSizeInBytes: 1n,
  ...more,
});
const vector = (name: string, of: string, offset: bigint): DataFile =>
  file(name, 'position-deletes', {
    fileFormat: 'PUFFIN',
    referencedDataFile: file(of).filePath,
    contentOffset: offset,
    contentSizeInBytes: 40n,
  });

interface Manifest {
  readonly name: string;
  readonly files: readonly DataFile[];
  /** What the list says otherwise than is so. */
  readonly lie?: Partial<ManifestFile>;
  readonly status?: NewManifestEntry['status'];
}

/** Plans a table of one snapshot, of sequence number 5, whose files have 3. */
async function plan(manifests: readonly Manifest[], totals: Readonly<Record<string, string>> = {}) {
  const io: FileIO = createMemoryFileIO();
  const base = createTableMetadata({ location: `${io.root}/t`, schema });
  const [spec] = base.partitionSpecs;
  if (spec === undefined) throw new TypeError('no spec');
  const listed: ManifestFile[] = [];
  const written = new Set<string>();
  for (const { name, files, lie, status = 'existing' } of manifests) {
    const location = `${io.root}/t/metadata/${name}.avro`;
    const { bytes, manifest } = writeManifest({
      location,
      formatVersion: 3,
      content: files[0]?.content === 'data' ? 'data' : 'deletes',
      spec,
      schemas: [schema],
      snapshotId: 1n,
      entries: files.map((dataFile) => ({
        status,
        snapshotId: 1n,
        sequenceNumber: 3n,
        fileSequenceNumber: 3n,
        dataFile,
      })),
    });
    if (!written.has(name)) await io.putIfAbsent(location, bytes);
    written.add(name);
    listed.push({ ...manifest, sequenceNumber: 5n, minSequenceNumber: 3n, ...lie });
  }
  const manifestList = `${io.root}/t/metadata/list.avro`;
  const { bytes } = writeManifestList({
    formatVersion: 3,
    snapshotId: 1n,
    parentSnapshotId: undefined,
    sequenceNumber: 5n,
    manifests: listed,
  });
  await io.putIfAbsent(manifestList, bytes);
  const snapshot: Snapshot = {
    snapshotId: 1n,
    sequenceNumber: 5n,
    timestampMs: 1,
    summary: { operation: 'append', ...totals },
    manifestList,
  };
  return planFiles({ io, metadata: { ...base, snapshots: [snapshot], currentSnapshotId: 1n } });
}

const corrupt = (source: string, field: string, message: string) => ({
  code: 'CORRUPT_METADATA',
  context: { source: `memory://warehouse/t/metadata/${source}.avro`, field },
  message: expect.stringContaining(message) as unknown,
});
const NONE_LISTED = { addedFilesCount: 0, existingFilesCount: 0 };

describe('manifests that contradict each other', () => {
  it('refuses a manifest that is listed twice', async () => {
    const m0 = { name: 'm0', files: [file('a')] };
    await expect(plan([m0, m0])).rejects.toMatchObject(
      corrupt('list', 'manifest_path', 'has the manifest memory://warehouse/t/metadata/m0.avro twice'),
    );
  });

  it('refuses a live file that is there twice, in one manifest or in two', async () => {
    await expect(plan([{ name: 'm0', files: [file('a'), file('b'), file('a')] }])).rejects.toMatchObject(
      corrupt('m0', 'file_path', 'has the live file memory://warehouse/t/data/a twice'),
    );
    const two = [
      { name: 'm0', files: [file('a')] },
      { name: 'm1', files: [file('b'), file('a')] },
    ];
    await expect(plan(two)).rejects.toMatchObject(corrupt('m1', 'file_path', 'metadata/m0.avro of the same'));
    const removed = { name: 'm1', files: [file('a')], status: 'deleted' as const };
    expect((await plan([{ name: 'm0', files: [file('a')] }, removed])).files).toHaveLength(1);
  });

  it('tells deletion vectors of one file apart by their offsets', async () => {
    const data = { name: 'm0', files: [file('a'), file('b')] };
    const vectors = (...files: DataFile[]) => plan([data, { name: 'd', files }]);
    const { files } = await vectors(vector('v', 'a', 4n), vector('v', 'b', 44n));
    expect(files.map(({ deletes }) => deletes.length)).toEqual([1, 1]);
    await expect(vectors(vector('v', 'a', 4n), vector('v', 'b', 4n))).rejects.toMatchObject(
      corrupt('d', 'file_path', 'has the live file memory://warehouse/t/data/v twice'),
    );
  });

  it('refuses a file that is older than its manifest is said to be', async () => {
    const lying = { name: 'm0', files: [file('a')], lie: { minSequenceNumber: 4n } };
    await expect(plan([lying])).rejects.toMatchObject(
      corrupt('m0', 'min_sequence_number', 'with the sequence number 3'),
    );
  });

  it('refuses live files and deletes in manifests that are listed with none, where the summary has more', async () => {
    const data = { name: 'm0', files: [file('a')] };
    const lying = { name: 'm1', files: [file('b')], lie: NONE_LISTED };
    await expect(plan([data, lying], { 'total-data-files': '2' })).rejects.toMatchObject(
      corrupt('m1', 'added_files_count', 'has the live file memory://warehouse/t/data/b'),
    );
    const deletes = { name: 'd', files: [vector('v', 'a', 4n)], lie: NONE_LISTED };
    await expect(plan([data, deletes], { 'total-delete-files': '1' })).rejects.toMatchObject(
      corrupt('d', 'added_files_count', 'has the live file memory://warehouse/t/data/v'),
    );
  });

  it('reads a table whose summary has more files than there are', async () => {
    const gone = { name: 'm1', files: [file('b')], status: 'deleted' as const };
    const manifests = [{ name: 'm0', files: [file('a')] }, gone];
    const summary = { 'total-data-files': '7', 'total-delete-files': '3' };
    expect(await plan(manifests, summary)).toMatchObject({ filesKnown: 1, manifestsRead: 2 });
    expect(await plan(manifests, { 'total-data-files': '1' })).toMatchObject({
      filesKnown: 1,
      manifestsRead: 1,
    });
  });
});
