import type { RewriteManifestsRequest, RewriteManifestsResult } from '#shared/contract/maintenance.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { ManifestFile } from '#server/iceberg/manifest/data-file.ts';
import { loadManifestList } from '#server/iceberg/manifest/load-manifests.ts';
import { currentSnapshot } from '#server/iceberg/metadata/lookup.ts';
import { rewriteManifests } from '#server/iceberg/transaction/rewrite-manifests.ts';
import { manifestTargetBytes } from '#server/iceberg/transaction/write-properties.ts';
import { parseTableId, tableId } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';
import { head, landRewrite } from './land-rewrite.ts';

/**
 * Writes a table's manifests anew, of a good size and in the order of its partitions, so that planning reads few of
 * them. Where there is one of each kind already, nothing happens.
 *
 * @throws TABLE_NOT_FOUND, REF_NOT_FOUND, FORBIDDEN (a tag), COMMIT_CONFLICT
 */
export async function rewriteTableManifests(
  ctx: MaintenanceContext,
  table: string,
  request: RewriteManifestsRequest = {},
): Promise<RewriteManifestsResult> {
  const branch = request.branch ?? ctx.catalog.defaultBranch;
  const { key, metadata } = await head(ctx, { key: parseTableId(table), branch });
  const before = await manifestsOf(ctx, metadata);
  const commits: string[] = [];
  let after = before;
  if (isScattered(before, manifestTargetBytes(metadata))) {
    const target = {
      key,
      branch,
      message: request.message ?? `Rewrite the manifests of ${tableId(key)}`,
      properties: { operation: 'rewrite-manifests' },
    };
    const { commit, staged } = await landRewrite(ctx, target, [], (base) =>
      rewriteManifests({ io: ctx.io, base, cache: ctx.manifests }),
    );
    commits.push(commit.hash);
    after = await manifestsOf(ctx, staged.metadata);
  }
  return {
    table: tableId(key),
    manifestsBefore: before.length,
    manifestsAfter: after.length,
    bytesBefore: bytesOf(before),
    bytesAfter: bytesOf(after),
    commits,
  };
}

/** Of one content and spec there are more manifests than their bytes fill. */
function isScattered(manifests: readonly ManifestFile[], targetBytes: number): boolean {
  const kinds = new Map<string, ManifestFile[]>();
  for (const manifest of manifests) {
    const kind = `${manifest.content} ${manifest.partitionSpecId}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), manifest]);
  }
  return [...kinds.values()].some(
    (alike) => alike.length > Math.max(1, Math.ceil(Number(bytesOf(alike)) / targetBytes)),
  );
}

async function manifestsOf(
  ctx: MaintenanceContext,
  metadata: TableMetadata,
): Promise<readonly ManifestFile[]> {
  const snapshot = currentSnapshot(metadata);
  return snapshot === undefined ? [] : loadManifestList(ctx.io, snapshot, { cache: ctx.manifests });
}

function bytesOf(manifests: readonly ManifestFile[]): string {
  return String(manifests.reduce((sum, { manifestLength }) => sum + manifestLength, 0n));
}
