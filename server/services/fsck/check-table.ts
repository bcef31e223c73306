import type { FsckFault } from '#shared/contract/fsck.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { loadManifestList, viewManifest } from '#server/iceberg/manifest/load-manifests.ts';
import type { ManifestFile } from '#server/iceberg/manifest/data-file.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { relocateMetadata } from '#server/iceberg/metadata/relocation.ts';
import { metadataLocationOf, relocationOf } from '../tables/index.ts';
import { checkFiles } from './check-files.ts';
import { damage, type Findings, type Place } from './findings.ts';
import type { FsckContext } from './fsck-context.ts';

export interface CheckOptions {
  readonly deep: boolean;
  readonly signal: AbortSignal | undefined;
}

/** One version of a table: its metadata file and what that leads to, as far as no earlier version did. */
export async function checkTable(
  ctx: FsckContext,
  findings: Findings,
  place: Place,
  key: ContentKey,
  content: Content,
  options: CheckOptions,
): Promise<void> {
  const file = metadataLocationOf(key, content);
  if (!findings.isNew('metadata', file)) return;
  const fault = (kind: FsckFault['kind'], problem: string, named: string) =>
    findings.add({ kind, ...place, file: named, problem });
  const read = await loadTable(ctx.io, file, options.signal).catch((error: unknown) => damage(error));
  // What retention let go is gone by intent.
  if (typeof read === 'string' && (await ctx.catalog.areExpired([content]))[0] === true) {
    findings.counts.expiredVersions += 1;
    return;
  }
  findings.counts.tableVersions += 1;
  if (typeof read === 'string') return fault('metadata', read, file);
  const relocation = relocationOf(content);
  const metadata = relocation === undefined ? read.metadata : relocateMetadata(read.metadata, relocation);
  for (const problem of differences(content, metadata)) fault('metadata', problem, file);
  await checkStatistics(ctx, findings, place, metadata);
  for (const snapshot of metadata.snapshots) {
    options.signal?.throwIfAborted();
    await checkSnapshot(ctx, findings, place, snapshot, file, options);
  }
}

function differences(content: Content, metadata: TableMetadata): readonly string[] {
  const current = metadata.currentSnapshotId?.toString() ?? null;
  const wanted = content.value['snapshotId'];
  return [
    ...(metadata.tableUuid === content.id
      ? []
      : [`The metadata is of table ${metadata.tableUuid}, where the catalog has ${content.id}.`]),
    ...(wanted === undefined || wanted === current
      ? []
      : [
          `The metadata is at snapshot ${current ?? 'none'}, where the catalog has ${JSON.stringify(wanted)}.`,
        ]),
  ];
}

async function checkStatistics(
  { io }: FsckContext,
  findings: Findings,
  place: Place,
  metadata: TableMetadata,
): Promise<void> {
  for (const { json } of [...metadata.statistics, ...metadata.partitionStatistics]) {
    const file = json['statistics-path'];
    if (typeof file !== 'string' || !findings.isNew('statistics', file)) continue;
    try {
      const { size } = await io.stat(file);
      const wanted = json['file-size-in-bytes'];
      if ((typeof wanted === 'number' || typeof wanted === 'bigint') && BigInt(wanted) !== BigInt(size))
        findings.add({ kind: 'statistics', ...place, file, problem: sizeProblem(String(wanted), size) });
    } catch (error) {
      findings.add({ kind: 'statistics', ...place, file, problem: damage(error) });
    }
  }
}

async function checkSnapshot(
  ctx: FsckContext,
  findings: Findings,
  place: Place,
  snapshot: Snapshot,
  metadataFile: string,
  options: CheckOptions,
): Promise<void> {
  const file = snapshot.manifestList ?? `${metadataFile}#${snapshot.snapshotId}`;
  if (!findings.isNew('manifest-list', file)) return;
  findings.counts.manifestLists += 1;
  const { signal } = options;
  const reading = signal === undefined ? {} : { signal };
  const manifests = await loadManifestList(ctx.io, snapshot, reading).catch((error: unknown) =>
    damage(error),
  );
  if (typeof manifests === 'string') {
    findings.add({ kind: 'manifest-list', ...place, file, problem: manifests });
    return;
  }
  for (const manifest of manifests) {
    if (!findings.isNew('manifest', manifest.manifestPath)) continue;
    findings.counts.manifests += 1;
    try {
      await checkManifest(ctx, findings, place, manifest, options);
    } catch (error) {
      findings.add({ kind: 'manifest', ...place, file: manifest.manifestPath, problem: damage(error) });
    }
  }
}

async function checkManifest(
  ctx: FsckContext,
  findings: Findings,
  place: Place,
  manifest: ManifestFile,
  options: CheckOptions,
): Promise<void> {
  const { manifestPath: file, manifestLength } = manifest;
  const { size } = await ctx.io.stat(file);
  // Old lists of v1 may not say it.
  if (manifestLength > 0n && BigInt(size) !== manifestLength)
    findings.add({ kind: 'manifest', ...place, file, problem: sizeProblem(String(manifestLength), size) });
  const view = await viewManifest(
    ctx.io,
    manifest,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  await checkFiles(ctx, findings, place, view, options);
}

export function sizeProblem(wanted: string, size: number): string {
  return `The file has ${size} bytes, where ${wanted} were written.`;
}
