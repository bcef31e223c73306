import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { TableFixture } from '#server/engine/testing/table-fixture.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { planFiles, type PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { rowDelta } from '#server/iceberg/transaction/row-delta.ts';
import type { RebasableCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { JobBoard } from '../../jobs/index.ts';
import { queryJson, type QueryContext } from '../../query/index.ts';
import { appendRows, loadTableAt, type CatalogTable } from '../../tables/index.ts';
import type { MaintenanceContext } from '../context.ts';
import { landRewrite } from '../land-rewrite.ts';

/** A lakehouse with a catalog in memory and its tables in a folder. */
export class MaintenanceFixture {
  readonly tables: TableFixture;
  readonly ctx: QueryContext & MaintenanceContext;

  private constructor(tables: TableFixture, ctx: QueryContext & MaintenanceContext) {
    this.tables = tables;
    this.ctx = ctx;
  }

  static async open(): Promise<MaintenanceFixture> {
    const tables = await TableFixture.open();
    const stagingDirectory = join(tables.folder, 'staging');
    await mkdir(stagingDirectory, { recursive: true });
    return new MaintenanceFixture(tables, {
      catalog: await createCatalog({ store: createMemoryCatalogStore() }),
      io: tables.io,
      engine: tables.engine,
      planner: tables.planner,
      opener: tables.opener,
      deletedRows: tables.deletedRows,
      manifests: new ManifestCache(1024 * 1024),
      browserBytes: 1e9,
      writer: tables.writer,
      rewriter: tables.rewriter,
      stagingDirectory,
      notebooks: {} as QueryContext['notebooks'],
      settings: {} as QueryContext['settings'],
      jobs: new JobBoard(),
      logger: pino({ level: 'silent' }),
      author: 'ada',
    });
  }

  async close(): Promise<void> {
    await this.tables.close();
  }

  async append(
    table: string,
    query: string,
    createWith?: Readonly<Record<string, string>>,
    branch = 'main',
  ): Promise<void> {
    const input = { table: table.split('.'), query, branch, message: 'Rows', mergeSchema: true };
    await appendRows(this.ctx, createWith === undefined ? input : { ...input, createWith });
  }

  async load(table: string, branch = 'main'): Promise<CatalogTable> {
    return loadTableAt(this.ctx, (await this.ctx.catalog.getRef(branch)).hash, table.split('.'));
  }

  async files(table: string, branch = 'main'): Promise<readonly PlannedFile[]> {
    const { metadata } = await this.load(table, branch);
    return (await planFiles({ io: this.ctx.io, metadata })).files;
  }

  async rows(sql: string, ref = 'main'): Promise<readonly (readonly unknown[])[]> {
    return (await queryJson(this.ctx, { sql, ref, limit: 1_000_000 })).rows;
  }

  /** Any snapshot, as a commit on a branch. */
  async commit(
    table: string,
    stage: (base: LoadedTable) => Promise<RebasableCommit>,
    branch = 'main',
  ): Promise<void> {
    const target = { key: table.split('.'), branch, message: 'Change', properties: {} };
    await landRewrite(this.ctx, target, [], stage);
  }

  /** Delete files, as another writer adds them. */
  async addDeletes(table: string, deleteFiles: readonly DataFile[]): Promise<void> {
    await this.commit(table, (base) => rowDelta({ io: this.ctx.io, base, deleteFiles }));
  }
}
