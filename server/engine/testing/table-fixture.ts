import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { UNPARTITIONED } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { ManifestCache } from '../../iceberg/manifest/manifest-cache.ts';
import { createTableMetadata } from '../../iceberg/metadata/create.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { appendFiles } from '../../iceberg/transaction/append-files.ts';
import { changeFiles } from '../../iceberg/transaction/change-files.ts';
import { produceSnapshot } from '../../iceberg/transaction/produce-snapshot.ts';
import type { StagedCommit } from '../../iceberg/transaction/staged-commit.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { createLocalFileIO } from '../../storage/local-file-io.ts';
import { DeletedRows } from '../deletes/deleted-rows.ts';
import { executableScans } from '../execute/executable-scans.ts';
import type { JsonRows } from '../execute/json-rows.ts';
import { createServerEngine, type ServerEngine } from '../execute/server-engine.ts';
import { FileCopies } from '../files/file-copies.ts';
import { fileOpener, type FileOpener } from '../files/open-files.ts';
import { openPlanner } from '../open-planner.ts';
import type { PlannedQuery, PlanQueryInput, QueryPlanner } from '../plan/plan-query.ts';
import type { TableVersion } from '../plan/resolve-tables.ts';
import { RewriteEngine } from '../rewrite/rewrite-session.ts';
import { createParquetWriter, type ParquetWriter } from '../write-parquet.ts';

/** A small warehouse of real Iceberg tables in a temporary folder, with a planner and an engine over it. */
export class TableFixture {
  readonly folder: string;
  readonly io: FileIO;
  readonly engine: ServerEngine;
  readonly opener: FileOpener;
  readonly deletedRows: DeletedRows;
  readonly copies: FileCopies;
  readonly writer: ParquetWriter;
  readonly rewriter: RewriteEngine;
  readonly planner: QueryPlanner;
  readonly #closePlanner: () => void;
  readonly #manifests = new ManifestCache(16 * 1024 * 1024);
  readonly #tables = new Map<string, TableMetadata>();
  readonly #locations = new Map<string, string>();

  private constructor(
    folder: string,
    io: FileIO,
    engine: ServerEngine,
    writer: ParquetWriter,
    planning: { readonly planner: QueryPlanner; close(): void },
    copies: FileCopies,
  ) {
    this.folder = folder;
    this.io = io;
    this.engine = engine;
    this.opener = fileOpener(io, copies);
    this.deletedRows = new DeletedRows({ io, opener: this.opener, engine, cacheBytes: 16 * 1024 * 1024 });
    this.writer = writer;
    const tempDirectory = join(folder, 'spill');
    this.rewriter = new RewriteEngine({ memoryLimit: '512MB', threads: 1, tempDirectory });
    this.planner = planning.planner;
    this.#closePlanner = () => planning.close();
    this.copies = copies;
  }

  static async open(): Promise<TableFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'timestream-plan-'));
    const limits = { memoryLimit: '512MB', threads: 1, tempDirectory: join(folder, 'spill') };
    const warehouse = join(folder, 'warehouse');
    await mkdir(join(folder, 'staging'), { recursive: true });
    const copies = await FileCopies.open({
      directory: join(folder, 'copies'),
      maxBytes: 1e9,
      memoryLimit: limits.memoryLimit,
    });
    return new TableFixture(
      folder,
      await createLocalFileIO({ rootDirectory: warehouse }),
      await createServerEngine({
        ...limits,
        allowedDirectories: [warehouse, join(folder, 'copies'), join(folder, 'staging')],
        timeoutMs: 60_000,
        maxConcurrent: 2,
      }),
      await createParquetWriter(limits),
      await openPlanner(),
      copies,
    );
  }

  async close(): Promise<void> {
    this.engine.close();
    this.copies.close();
    this.writer.close();
    this.#closePlanner();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Creates the table from the first query; each query becomes a snapshot with one data file. */
  async append(name: string, ...queries: readonly string[]): Promise<TableMetadata> {
    for (const query of queries) {
      const known = this.#tables.get(name);
      const metadata =
        known ??
        createTableMetadata({
          location: `${this.io.root}/${name}`,
          schema: schemaFromColumns(await this.writer.describe(query)),
        });
      const dataFiles = await this.write(metadata, query);
      const base = { metadata, metadataLocation: known === undefined ? null : `${metadata.location}/m.json` };
      this.#keep(name, await appendFiles({ io: this.io, base, dataFiles }));
    }
    return this.table(name);
  }

  /** Writes what the query gives as files of the table, which no snapshot has yet. */
  async write(
    metadata: TableMetadata,
    query: string,
    schema: Schema = currentSchema(metadata),
  ): Promise<readonly DataFile[]> {
    const files = await this.writer.write({
      query,
      // In one file, whatever the table's partitions are.
      metadata: {
        ...metadata,
        schemas: [schema],
        currentSchemaId: schema.schemaId,
        partitionSpecs: [UNPARTITIONED],
        defaultSpecId: UNPARTITIONED.specId,
      },
      io: this.io,
      directory: join(this.folder, 'staging'),
    });
    await files.landed;
    return files.dataFiles;
  }

  /** Makes a snapshot that has some files more, delete files among them. */
  async commit(name: string, files: readonly DataFile[]): Promise<TableMetadata> {
    const metadata = this.table(name);
    const staged = await produceSnapshot(
      { io: this.io, base: { metadata, metadataLocation: `${metadata.location}/m.json` } },
      changeFiles({ operation: 'overwrite', added: files.map((file) => ({ file })), removed: {} }),
    );
    this.#keep(name, staged);
    return staged.metadata;
  }

  /** Where the metadata is of the newest snapshot. */
  location(name: string): string {
    return this.#locations.get(name) ?? '';
  }

  table(name: string): TableMetadata {
    const found = this.#tables.get(name);
    if (found !== undefined) return found;
    throw new AppError('TABLE_NOT_FOUND', `There is no table ${name}.`, {
      context: { suggestions: [...this.#tables.keys()] },
    });
  }

  /** For changes that no write makes, such as a new schema. */
  replace(name: string, metadata: TableMetadata): void {
    this.#tables.set(name, metadata);
  }

  async plan(sql: string, options: Partial<PlanQueryInput> = {}): Promise<PlannedQuery> {
    return this.planner.plan({
      sql,
      ref: { name: 'main', hash: '0'.repeat(64) },
      preference: 'auto',
      resolveTable: async (parts, at) => this.#resolve(parts.join('.').toLowerCase(), at),
      listTables: async () =>
        [...this.#tables.keys()].map((name) => ({
          namespace: name.split('.').slice(0, -1),
          name: name.split('.').at(-1) ?? '',
        })),
      io: this.io,
      manifests: this.#manifests,
      fileUrl: (location) => `/data/${location.slice(this.io.root.length + 1)}`,
      deletesUrl: (_table, { key }) => `/deletes/${key}`,
      browserBytes: 1e9,
      ...options,
    });
  }

  /** Plans and runs on the server engine. */
  async run(sql: string): Promise<JsonRows> {
    return this.execute(await this.plan(sql));
  }

  async execute({ plan, sources, source }: PlannedQuery): Promise<JsonRows> {
    return this.engine.json({
      sql: plan.sql,
      columns: plan.columns,
      source,
      scans: await executableScans({ opener: this.opener, deletedRows: this.deletedRows, sources }),
    });
  }

  #keep(name: string, { metadata, newMetadataLocation }: StagedCommit): void {
    this.#tables.set(name, metadata);
    this.#locations.set(name, newMetadataLocation);
  }

  #resolve(name: string, at: TableVersion | null) {
    const metadata = this.table(name);
    if (at === null) return { name, metadata };
    if ('version' in at) return { name, metadata, snapshotId: BigInt(at.version) };
    const snapshot = metadata.snapshots.findLast(({ timestampMs }) => timestampMs <= at.timestamp.getTime());
    return { name, metadata, snapshotId: snapshot?.snapshotId ?? 0n };
  }
}
