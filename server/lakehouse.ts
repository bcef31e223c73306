import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, userInfo } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createCatalog } from './catalog/create-catalog.ts';
import { createDatabaseCatalogStore } from './catalog/store/database-catalog-store.ts';
import { withKeptRefs } from './catalog/store/kept-refs.ts';
import { lakehousePaths, type Config } from './config.ts';
import { prepareFolder } from './lakehouse-folder.ts';
import { createFieldIdRepository } from './db/field-id-repository.ts';
import { createHookRepository } from './db/hook-repository.ts';
import { createMergeRequestRepository } from './db/merge-request-repository.ts';
import { createNotebookHistoryRepository } from './db/notebook-history-repository.ts';
import { createNotebookRepository } from './db/notebook-repository.ts';
import { openDatabase } from './db/open-database.ts';
import { createQueryRunRepository } from './db/query-run-repository.ts';
import { createSavedQueryRepository } from './db/saved-query-repository.ts';
import { createSettingRepository } from './db/setting-repository.ts';
import { ClusterEngine } from './engine/cluster/cluster-engine.ts';
import { ClusterPlanner } from './engine/cluster/cluster-planner.ts';
import { DeletedRows } from './engine/deletes/deleted-rows.ts';
import { enginePlaces } from './engine/execute/engine-places.ts';
import { createServerEngine } from './engine/execute/server-engine.ts';
import { BloomProbe } from './engine/files/bloom-probe.ts';
import { RowGroupCache } from './engine/files/row-groups.ts';
import { FileCopies } from './engine/files/file-copies.ts';
import { fileOpener } from './engine/files/open-files.ts';
import { openPlanner } from './engine/open-planner.ts';
import { ResultCache } from './engine/results/result-cache.ts';
import { RewriteEngine } from './engine/rewrite/rewrite-session.ts';
import { createParquetWriter } from './engine/write-parquet.ts';
import { ManifestCache } from './iceberg/manifest/manifest-cache.ts';
import { DeliveryWorker, HookBus, hookedCatalog, type HooksContext } from './services/hooks/index.ts';
import { LocationGrants } from './services/iceberg-catalog/index.ts';
import { JobBoard } from './services/jobs/index.ts';
import { createTableMerger } from './services/merge/index.ts';
import { MergeChecks, type MergeRequestContext } from './services/merge-requests/index.ts';
import type { NotebookRunContext } from './services/notebooks/index.ts';
import type { QueryContext } from './services/query/index.ts';
import type { QueryRunContext } from './services/query-runs/index.ts';
import type { SavedQueryContext } from './services/saved-queries/index.ts';
import { extensionsToLoad } from './services/extensions/index.ts';
import type { GcContext } from './services/gc/index.ts';
import { assertOwnWarehouse, openWarehouse } from './open-warehouse.ts';
import { acquireLakehouseLock } from './storage/lakehouse-lock.ts';
import { openLocalReader, readElsewhere } from './storage/read-elsewhere.ts';
import { readOrCreateToken } from './token.ts';

/** Parquet copies of Avro data files on disk. */
const COPIES_BYTES = 8 * 1024 ** 3;
const COPYING_MEMORY = '1GB';
/** Beside what queries may take. */
const REWRITING_MEMORY = '25%';
const MANIFEST_CACHE_BYTES = 256 * 1024 * 1024;
/** Of the answers that are kept, none takes more than this share. */
const ANSWER_SHARE = 1 / 8;
const DELETED_ROWS_CACHE_BYTES = 128 * 1024 * 1024;

/** An open lakehouse: this process is the only one that has the folder. */
export interface Lakehouse {
  readonly ctx: QueryContext &
    GcContext &
    HooksContext &
    MergeRequestContext &
    NotebookRunContext &
    QueryRunContext &
    SavedQueryContext;
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Opens the lakehouse of a folder; makes it where there is none.
 *
 * @throws ALREADY_RUNNING where another process has the folder, STORAGE_FULL, UNAVAILABLE (the database), what
 *   prepareFolder throws
 */
export async function openLakehouse(config: Config): Promise<Lakehouse> {
  const paths = lakehousePaths(config.lakehouseDirectory);
  await prepareFolder(config.lakehouseDirectory);
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const lock = await acquireLakehouseLock(config.lakehouseDirectory, {
      url: `http://${config.host}:${config.port}`,
    });
    closers.push(() => lock.release());
    // What a killed process left there belongs to nobody, now that the folder is ours.
    await rm(paths.staging, { recursive: true, force: true });
    await mkdir(paths.staging);
    const database = await openDatabase(
      config.databaseUrl === null
        ? { kind: 'pglite', directory: paths.database }
        : { kind: 'postgres', url: config.databaseUrl },
    );
    closers.push(() => database.close());
    const limits = {
      memoryLimit: config.engineMemory,
      threads: config.engineThreads ?? availableParallelism(),
      tempDirectory: paths.spill,
    };
    const copiesDirectory = join(paths.spill, 'copies');
    const copies = await FileCopies.open({
      directory: copiesDirectory,
      maxBytes: COPIES_BYTES,
      memoryLimit: COPYING_MEMORY,
    });
    closers.push(() => copies.close());
    const logger = pino({ level: config.logLevel });
    const extensions = await extensionsToLoad(paths.extensions, (error) =>
      logger.warn({ err: error }, 'An extension is not loaded.'),
    );
    const elsewhere = await Promise.all(config.allowedLocations.map(openLocalReader));
    const store = createDatabaseCatalogStore(database.db);
    const [warehouse, catalog, writer, engine, planning, token] = await Promise.all([
      openWarehouse(config, paths),
      createCatalog({ store: config.databaseUrl === null ? withKeptRefs(store) : store }),
      createParquetWriter(limits),
      createServerEngine({
        ...limits,
        // What SQL writes is staged by the engine itself; people's SQL cannot name a file.
        allowedDirectories: [
          paths.warehouse,
          paths.objects,
          copiesDirectory,
          ...config.allowedLocations,
          paths.staging,
        ],
        timeoutMs: config.queryTimeoutMs,
        ...enginePlaces(config.workerThreads),
        extensions: extensions.paths,
      }),
      openPlanner(extensions.paths),
      config.token ?? readOrCreateToken(paths.token),
    ]);
    closers.push(
      () => warehouse.close(),
      () => writer.close(),
      () => engine.close(),
    );
    const cluster = await openCluster(config);
    closers.push(() => cluster?.planner.close());
    const settings = createSettingRepository(database.db);
    await assertOwnWarehouse(settings, {
      root: warehouse.io.root,
      folder: config.lakehouseDirectory,
      shared: config.databaseUrl !== null,
    });
    const io = readElsewhere(warehouse.io, elsewhere);
    const opener = fileOpener(io, copies);
    const probe = await BloomProbe.open(io, [paths.warehouse, ...config.allowedLocations]);
    closers.push(() => probe.close());
    const manifests = new ManifestCache(MANIFEST_CACHE_BYTES);
    const hookStore = createHookRepository(database.db);
    const deliveries = new DeliveryWorker({ store: hookStore, logger });
    closers.push(() => deliveries.close());
    const hooks = new HookBus({ store: hookStore, logger, wake: () => deliveries.wake() });
    // What an earlier process had still to send.
    deliveries.wake();
    const ctx = {
      catalog: hookedCatalog(catalog, hooks),
      hooks,
      hookStore,
      mergeRequests: createMergeRequestRepository(database.db),
      mergeChecks: new MergeChecks(),
      fieldIds: createFieldIdRepository(database.db),
      alone: database.alone,
      merger: createTableMerger({ io, manifests, catalog }),
      io,
      copies,
      writer,
      engine,
      rewriter: new RewriteEngine({ ...limits, memoryLimit: REWRITING_MEMORY }),
      opener,
      deletedRows: new DeletedRows({ io, opener, engine, cacheBytes: DELETED_ROWS_CACHE_BYTES }),
      planner: planning.planner,
      extensions,
      manifests,
      ...resultsOf(config),
      probe,
      rowGroups: new RowGroupCache(io),
      browserBytes: config.browserBytes,
      tabEngine: config.tabEngine,
      ...(cluster === null ? {} : { cluster }),
      queryTimeoutMs: config.queryTimeoutMs,
      stagingDirectory: paths.staging,
      notebooks: createNotebookRepository(database.db),
      notebookHistory: createNotebookHistoryRepository(database.db),
      queryRuns: createQueryRunRepository(database.db),
      savedQueries: createSavedQueryRepository(database.db),
      settings,
      jobs: new JobBoard(),
      logger,
      author: userInfo().username,
      engineProperties: warehouse.engineProperties,
      ...(warehouse.signer === null
        ? {}
        : { signing: { signer: warehouse.signer, grants: new LocationGrants(token) } }),
    };
    return { ctx, token, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openCluster({ cluster, queryTimeoutMs: timeoutMs }: Config) {
  if (cluster === null) return null;
  const { minBytes, fallsBack, ...trino } = cluster;
  const planner = await ClusterPlanner.open(cluster.catalog);
  return { planner, engine: new ClusterEngine({ ...trino, timeoutMs }), minBytes, fallsBack };
}

function resultsOf({ resultCacheBytes: maxBytes }: Config): { readonly results?: ResultCache } {
  if (maxBytes === 0) return {};
  return { results: new ResultCache({ maxBytes, maxAnswerBytes: Math.ceil(maxBytes * ANSWER_SHARE) }) };
}
