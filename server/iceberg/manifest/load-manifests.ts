import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestEntry, ManifestFile } from './data-file.ts';
import type { ManifestCache } from './manifest-cache.ts';
import { relocate } from '../metadata/relocation.ts';
import { readManifestList } from './manifest-list.ts';
import { ManifestView } from './manifest-view.ts';

export interface ReadOptions {
  readonly cache?: ManifestCache;
  readonly signal?: AbortSignal;
}

/**
 * The manifests of a snapshot.
 *
 * @throws FILE_NOT_FOUND where a file that the metadata names is gone; CORRUPT_FILE where it is damaged.
 */
export async function loadManifestList(
  io: FileIO,
  snapshot: Snapshot,
  options: ReadOptions = {},
): Promise<readonly ManifestFile[]> {
  if (snapshot.keyId !== undefined) {
    throw new AppError(
      'UNSUPPORTED',
      `Snapshot ${snapshot.snapshotId} of the table is encrypted ('key-id' ${snapshot.keyId}); encrypted tables cannot be read.`,
      { context: { snapshotId: snapshot.snapshotId, field: 'key-id' } },
    );
  }
  const location = snapshot.manifestList;
  if (location === undefined) return snapshot.manifests === undefined ? [] : statManifests(io, snapshot);
  const cached = options.cache?.list(location, snapshot.relocation);
  if (cached !== undefined) return cached;
  const bytes = await readNamed(io, location, `snapshot ${snapshot.snapshotId}`, options.signal);
  const manifests = readManifestList(bytes, location).map((manifest) => moved(manifest, snapshot));
  options.cache?.keepList(location, manifests, snapshot.relocation);
  return manifests;
}

function moved(manifest: ManifestFile, { relocation }: Snapshot): ManifestFile {
  if (relocation === undefined) return manifest;
  return { ...manifest, manifestPath: relocate(manifest.manifestPath, relocation), relocation };
}

/** The entries of a manifest, deleted ones included. Errors as loadManifestList's. */
export async function loadManifest(
  io: FileIO,
  manifest: ManifestFile,
  options: ReadOptions = {},
): Promise<readonly ManifestEntry[]> {
  const view = await viewManifest(io, manifest, options);
  const entries = view.entries();
  options.cache?.keepView(view);
  return entries;
}

/** A manifest whose entries are made as they are asked for. Errors as loadManifestList's. */
export async function viewManifest(
  io: FileIO,
  manifest: ManifestFile,
  options: ReadOptions = {},
): Promise<ManifestView> {
  const cached = options.cache?.view(manifest);
  if (cached !== undefined) return cached;
  const location = manifest.manifestPath;
  const bytes = await readNamed(io, location, `snapshot ${manifest.addedSnapshotId}`, options.signal);
  const view = await ManifestView.read(bytes, manifest);
  options.cache?.keepView(view);
  return view;
}

async function readNamed(
  io: FileIO,
  location: string,
  by: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    return await io.read(location, undefined, signal);
  } catch (error) {
    throw isAppError(error, 'FILE_NOT_FOUND') ? gone(location, by, error) : error;
  }
}

function gone(location: string, by: string, cause: AppError): AppError {
  return new AppError(
    'FILE_NOT_FOUND',
    `The file ${location}, which ${by} of the table is made of, is gone; restore it, or read another snapshot.`,
    { context: { location }, cause },
  );
}

async function sizeOf(io: FileIO, location: string, snapshot: Snapshot): Promise<bigint> {
  try {
    return BigInt((await io.stat(location)).size);
  } catch (error) {
    const by = `snapshot ${snapshot.snapshotId}`;
    throw isAppError(error, 'FILE_NOT_FOUND') ? gone(location, by, error) : error;
  }
}

/** Old v1 snapshots name their manifests in the metadata; each says itself which partition spec it is of. */
async function statManifests(io: FileIO, snapshot: Snapshot): Promise<readonly ManifestFile[]> {
  return Promise.all(
    (snapshot.manifests ?? []).map(async (location) => ({
      manifestPath: location,
      manifestLength: await sizeOf(io, location, snapshot),
      partitionSpecId: 0,
      content: 'data' as const,
      sequenceNumber: 0n,
      minSequenceNumber: 0n,
      addedSnapshotId: snapshot.snapshotId,
      ...present({ relocation: snapshot.relocation }),
    })),
  );
}
