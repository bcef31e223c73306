import { randomBytes, randomUUID } from 'node:crypto';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { ManifestEntry, ManifestFile } from '../manifest/data-file.ts';
import { loadManifest } from '../manifest/load-manifests.ts';
import type { ManifestCache } from '../manifest/manifest-cache.ts';
import { writeManifest, type NewManifestEntry } from '../manifest/write-manifest.ts';
import { metadataFileLocation } from '../metadata/locations.ts';
import { currentSchema, specById } from '../metadata/lookup.ts';
import { manifestTargetBytes } from './write-properties.ts';

/** A manifest this much above the target is cut; a little more is not worth another file. */
const OVERSIZE = 1.25;
/** Objects of one commit on their way to storage; each is held in memory until it is there. */
const WRITTEN_AT_ONCE = 8;

/**
 * What one commit has written so far, over all its attempts: a manifest depends on the snapshot's id, which
 * stays, and not on its sequence number, so that a later attempt lists the same manifests again.
 */
export class SnapshotScratch {
  readonly io: FileIO;
  readonly cache: ManifestCache | undefined;
  readonly snapshotId: bigint;
  readonly commitId = randomUUID();
  readonly #entries = new Map<string, readonly NewManifestEntry[]>();
  readonly #written: string[] = [];
  readonly #writing: Promise<void>[] = [];
  #manifests = 0;

  constructor(io: FileIO, metadata: TableMetadata, cache: ManifestCache | undefined) {
    this.io = io;
    this.cache = cache;
    this.snapshotId = newSnapshotId(metadata);
  }

  /** Locations of all that was written for this commit. */
  get written(): readonly string[] {
    return this.#written;
  }

  /** Something that was written for this commit elsewhere. */
  note(location: string): void {
    this.#written.push(location);
  }

  /** Begins to write an object: what a commit is made of may land in any order, as long as the commit comes last. */
  async put(location: string, bytes: Uint8Array): Promise<void> {
    if (this.#writing.length >= WRITTEN_AT_ONCE) await this.landed();
    // Before it is written: what fails half-way may be there.
    this.note(location);
    const writing = this.io.putIfAbsent(location, bytes);
    // Told by `landed`, whenever that is asked.
    writing.catch(() => undefined);
    this.#writing.push(writing);
  }

  /** Until nothing is being written any more. @throws what failed, once */
  async landed(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#writing.splice(0));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Writes entries of one partition spec, into as many manifests as the table's target size makes of them. */
  async writeManifests(
    metadata: TableMetadata,
    specId: number,
    content: ManifestFile['content'],
    entries: readonly NewManifestEntry[],
  ): Promise<readonly ManifestFile[]> {
    if (entries.length === 0) return [];
    const number = this.#manifests++;
    const { bytes, manifest } = writeManifest({
      location: metadataFileLocation(metadata, `${this.commitId}-m${number}.avro`),
      formatVersion: metadata.formatVersion,
      content,
      spec: specById(metadata, specId),
      schemas: schemasNewestFirst(metadata),
      snapshotId: this.snapshotId,
      entries,
    });
    const target = manifestTargetBytes(metadata);
    if (bytes.length > target * OVERSIZE && entries.length > 1) {
      const size = Math.ceil(entries.length / Math.ceil(bytes.length / target));
      const parts: ManifestFile[] = [];
      for (let start = 0; start < entries.length; start += size)
        parts.push(
          ...(await this.writeManifests(metadata, specId, content, entries.slice(start, start + size))),
        );
      return parts;
    }
    await this.put(manifest.manifestPath, bytes);
    this.#entries.set(manifest.manifestPath, entries);
    return [manifest];
  }

  /** The entries of a manifest of the table, deleted ones included. */
  async entriesOf(manifest: ManifestFile): Promise<readonly ManifestEntry[]> {
    if (this.#entries.has(manifest.manifestPath)) await this.landed();
    return loadManifest(this.io, manifest, this.cache === undefined ? {} : { cache: this.cache });
  }

  /** The entries of a manifest as another one takes them over; those of this commit stay as they are. */
  async entriesToCopy(manifest: ManifestFile): Promise<readonly NewManifestEntry[]> {
    const own = this.#entries.get(manifest.manifestPath);
    if (own !== undefined) return own;
    return (await this.entriesOf(manifest)).filter(isLive).map(asExisting);
  }
}

export function isLive(entry: Pick<ManifestEntry, 'status'>): boolean {
  return entry.status !== 'deleted';
}

/** An entry that another manifest takes over; its snapshot and sequence numbers are said from now on. */
export function asExisting(entry: ManifestEntry): NewManifestEntry {
  return { ...entry, status: 'existing' };
}

/** For manifests of specs whose source columns newer schemas have dropped. */
export function schemasNewestFirst(metadata: TableMetadata): readonly [Schema, ...(readonly Schema[])] {
  const older = metadata.schemas.filter((schema) => schema.schemaId !== metadata.currentSchemaId);
  return [currentSchema(metadata), ...older.reverse()];
}

/** Positive 63 random bits, as other writers make them. */
function newSnapshotId(metadata: TableMetadata): bigint {
  for (;;) {
    const id = randomBytes(8).readBigUInt64BE() >> 1n;
    if (id !== 0n && !metadata.snapshots.some((snapshot) => snapshot.snapshotId === id)) return id;
  }
}
