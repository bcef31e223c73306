import { AppError } from '#shared/errors/app-error.ts';
import type { Config, lakehousePaths } from './config.ts';
import { cachedFileIO } from './engine/object-cache/cached-file-io.ts';
import { DiskCache } from './engine/object-cache/disk-cache.ts';
import type { FileIO } from './storage/file-io.ts';
import { createLocalFileIO } from './storage/local-file-io.ts';
import type { RequestSigner } from './storage/request-signer.ts';
import { s3EngineProperties } from './storage/s3/engine-properties.ts';

/** A query may wait for the engine before it runs. */
const WAITING_MS = 60_000;

export interface Warehouse {
  readonly io: FileIO;
  /** Where other engines find the store, as their properties say it; never who may use it. */
  readonly engineProperties: Readonly<Record<string, string>>;
  /** Null for a folder. */
  readonly signer: RequestSigner | null;
  close(): void;
}

/**
 * The storage of the tables: the lakehouse folder, or an object store with copies of what queries read in that
 * folder. Those lie in paths.objects.
 *
 * @throws what createLocalFileIO, openS3FileIO and DiskCache.open throw
 */
export async function openWarehouse(
  config: Pick<Config, 'warehouse' | 'objectCacheBytes' | 'queryTimeoutMs'>,
  paths: ReturnType<typeof lakehousePaths>,
): Promise<Warehouse> {
  if (config.warehouse === null)
    return {
      io: await createLocalFileIO({ rootDirectory: paths.warehouse }),
      engineProperties: {},
      signer: null,
      close: () => undefined,
    };
  const { location, s3 } = config.warehouse;
  const cache = await DiskCache.open({
    directory: paths.objects,
    maxBytes: config.objectCacheBytes,
    origin: s3.endpoint ?? '',
    inUseMs: config.queryTimeoutMs + WAITING_MS,
  });
  // Its client is large, and most lakehouses lie in a folder.
  const { openS3FileIO } = await import('./storage/s3/s3-file-io.ts');
  const io = await openS3FileIO(location, s3);
  return {
    io: cachedFileIO(io, cache),
    engineProperties: s3EngineProperties(s3),
    signer: io.signer,
    close: () => io.close(),
  };
}

/**
 * History names the files of its tables by whole locations. So a database is of one warehouse: servers of one PostgreSQL
 * all have to see those files, in an object store or in one folder, which one server at a time has open; and a lakehouse
 * whose folder was moved finds none of them.
 *
 * @throws INVALID_INPUT where the database is that of another warehouse
 */
export async function assertOwnWarehouse(
  settings: { keepFirst(name: string, value: string): Promise<string> },
  { root, folder, shared }: { root: string; folder: string; shared: boolean },
): Promise<void> {
  const kept = await settings.keepFirst('warehouse', root);
  if (kept === root) return;
  throw new AppError(
    'INVALID_INPUT',
    shared
      ? `The database of DATABASE_URL belongs to the warehouse ${kept}, and not to ${root}. Open that one, give this one a database of its own, or, for several servers of one lakehouse, put its tables into an object store with WAREHOUSE=s3://….`
      : `The tables of the lakehouse ${folder} are in ${kept}, and not in ${root}: their files name each other by that place. Move or link the folder back there and open it there, set WAREHOUSE as it was, or choose another folder with --lakehouse.`,
    { context: { warehouse: root, kept } },
  );
}
