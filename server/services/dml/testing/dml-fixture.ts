import { join } from 'node:path';
import pino from 'pino';
import { isAppError } from '#shared/errors/app-error.ts';
import type { StatementResult } from '#shared/contract/statements.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { TableFixture } from '#server/engine/testing/table-fixture.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { createMemoryFieldIds } from '#server/iceberg/testing/memory-field-ids.ts';
import { planFiles, type PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { JobBoard } from '../../jobs/index.ts';
import { queryJson } from '../../query/index.ts';
import { loadTableAt, parseTableId, type CatalogTable } from '../../tables/index.ts';
import { runStatement, type StatementContext } from '../index.ts';

/** A catalog in memory over a small warehouse, for statements. */
export class DmlFixture {
  readonly tables: TableFixture;
  readonly ctx: StatementContext;

  private constructor(tables: TableFixture, ctx: StatementContext) {
    this.tables = tables;
    this.ctx = ctx;
  }

  static async open(): Promise<DmlFixture> {
    const tables = await TableFixture.open();
    return new DmlFixture(tables, {
      catalog: await createCatalog({ store: createMemoryCatalogStore() }),
      fieldIds: createMemoryFieldIds(),
      io: tables.io,
      engine: tables.engine,
      planner: tables.planner,
      opener: tables.opener,
      deletedRows: tables.deletedRows,
      manifests: new ManifestCache(1024 * 1024),
      browserBytes: 1e9,
      writer: tables.writer,
      rewriter: tables.rewriter,
      stagingDirectory: join(tables.folder, 'staging'),
      notebooks: {} as StatementContext['notebooks'],
      settings: {} as StatementContext['settings'],
      jobs: new JobBoard(),
      logger: pino({ level: 'silent' }),
      author: 'ada',
    });
  }

  async close(): Promise<void> {
    await this.tables.close();
  }

  async run(sql: string, ref?: string): Promise<StatementResult> {
    return runStatement(this.ctx, { sql, ...(ref === undefined ? {} : { ref }) });
  }

  async rows(sql: string, ref?: string): Promise<readonly (readonly unknown[])[]> {
    return (await queryJson(this.ctx, { sql, ...(ref === undefined ? {} : { ref }) })).rows;
  }

  /** What a statement is refused with; `at` is the text from the error's place on. */
  async refusal(sql: string, ref?: string): Promise<{ code: string; message: string; at: string | null }> {
    try {
      await this.run(sql, ref);
    } catch (error) {
      if (!isAppError(error)) throw error;
      const { position } = error.context;
      return {
        code: error.code,
        message: error.message,
        at: typeof position === 'number' ? sql.slice(position, position + 12) : null,
      };
    }
    throw new TypeError(`not refused: ${sql}`);
  }

  async table(name: string, branch = 'main'): Promise<CatalogTable> {
    return loadTableAt(this.ctx, (await this.ctx.catalog.getRef(branch)).hash, parseTableId(name));
  }

  async files(name: string): Promise<readonly PlannedFile[]> {
    const { metadata } = await this.table(name);
    return (await planFiles({ io: this.ctx.io, metadata })).files;
  }
}
