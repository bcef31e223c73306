import { AppError } from '#shared/errors/app-error.ts';
import { encodePositions } from '#server/engine/arrow/positions.ts';
import type { DeletedRows } from '#server/engine/deletes/deleted-rows.ts';
import { TableDeletes, type FileDeletes } from '#server/engine/deletes/file-deletes.ts';
import type { DeletesUrl } from '#server/engine/plan/scan-source.ts';
import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import type { ServiceContext } from '../context.ts';
import { loadTableAt, parseTableId } from '../tables/index.ts';

export interface DeletesContext extends ServiceContext {
  readonly manifests: ManifestCache;
  readonly deletedRows: DeletedRows;
}

/** What a deletesUrl says. */
export interface DeletesRequest {
  /** See FileDeletes. */
  readonly key: string;
  /** A snapshot of the lakehouse that has such deletes: the table at a commit, current where no snapshot is named. */
  readonly at?: string | undefined;
  readonly table?: string | undefined;
  readonly snapshot?: string | undefined;
}

/**
 * Where the page fetches the positions of a file's deleted rows. The key says what they are; the rest says where
 * to find out about the key again once this process has forgotten it.
 */
export const deletesUrl: DeletesUrl = (table, { key }) => {
  const query = new URLSearchParams();
  if (table.commit !== undefined) {
    query.set('at', table.commit);
    query.set('table', table.name);
    if (table.snapshotId !== undefined) query.set('snapshot', table.snapshotId.toString());
  }
  return `/api/v1/deletes/${key}?${query.toString()}`;
};

/**
 * The positions of a file's deleted rows as an Arrow IPC stream.
 *
 * @throws NOT_FOUND where the snapshot has no such deletes; COMMIT_NOT_FOUND, TABLE_NOT_FOUND, SNAPSHOT_NOT_FOUND;
 *   what planFiles and DeletedRows.of throw
 */
export async function readDeletedRows(
  ctx: DeletesContext,
  request: DeletesRequest,
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const deletes = ctx.deletedRows.byKey(request.key) ?? (await findAgain(ctx, request, signal));
  const positions = await ctx.deletedRows.of(deletes, signal);
  const pieces = encodePositions(positions, deletes.file.recordCount);
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
  });
}

/** Never trusts the address: what it names has to be in the snapshot that it names. */
async function findAgain(
  ctx: DeletesContext,
  { key, at, table, snapshot }: DeletesRequest,
  signal: AbortSignal | undefined,
): Promise<FileDeletes> {
  if (at !== undefined && table !== undefined) {
    const { metadata } = await loadTableAt(ctx, at, parseTableId(table));
    const { files } = await planFiles({
      io: ctx.io,
      metadata,
      tableName: table,
      cache: ctx.manifests,
      ...(snapshot === undefined ? {} : { snapshotId: BigInt(snapshot) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const tableDeletes = new TableDeletes(metadata);
    let found: FileDeletes | null = null;
    for (const planned of files) {
      const deletes = tableDeletes.of(planned);
      if (deletes === null) continue;
      // The page asks for the other files next.
      ctx.deletedRows.remember(deletes);
      if (deletes.key === key) found = deletes;
    }
    if (found !== null) return found;
  }
  throw new AppError('NOT_FOUND', `There are no deleted rows ${key} here. Run the query again.`, {
    context: { key, table },
  });
}
