import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTable, type LoadedTable } from '#server/iceberg/metadata/load.ts';
import { relocate, relocateMetadata } from '#server/iceberg/metadata/relocation.ts';
import { DeletedRows } from '#server/engine/deletes/deleted-rows.ts';
import { FileCopies } from '#server/engine/files/file-copies.ts';
import { fileOpener, type FileOpener } from '#server/engine/files/open-files.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import { createServerEngine, type ServerEngine } from '#server/engine/execute/server-engine.ts';
import { openPlanner } from '#server/engine/open-planner.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import type { QueryPlanner } from '#server/engine/plan/plan-query.ts';
import type { ResolvedTable } from '#server/engine/plan/scan-source.ts';
import type { FileIO } from '#server/storage/file-io.ts';

const CACHE_BYTES = 64 * 1024 * 1024;
const MEMORY = '1GB';

/** New prefixes of locations by old ones. */
export type Moved = Readonly<Record<string, string>>;

/** What is read of a table: columns, rows and version. */
export interface ScanRequest {
  /** What stands between SELECT and FROM. */
  readonly select: string;
  readonly filter: string | null;
  /** A branch or tag of the table itself. */
  readonly ref: string | null;
  readonly snapshotId: string | null;
}

/** The planner and the engine that the server answers queries with, over tables in any folder. */
export class OurEngine {
  readonly io: FileIO;
  readonly #answers: string;
  readonly #engine: ServerEngine;
  readonly #opener: FileOpener;
  readonly #copies: FileCopies;
  readonly #deletedRows: DeletedRows;
  readonly #planning: { readonly planner: QueryPlanner; close(): void };
  readonly #manifests = new ManifestCache(CACHE_BYTES);

  private constructor(
    io: FileIO,
    answers: string,
    engine: ServerEngine,
    planning: { readonly planner: QueryPlanner; close(): void },
    copies: FileCopies,
  ) {
    this.io = io;
    this.#answers = answers;
    this.#engine = engine;
    this.#planning = planning;
    this.#copies = copies;
    this.#opener = fileOpener(io, copies);
    this.#deletedRows = new DeletedRows({ io, opener: this.#opener, engine, cacheBytes: CACHE_BYTES });
  }

  /** @param work a folder with the tables in `warehouse`; answers go to `answers` */
  static async open(io: FileIO, work: string): Promise<OurEngine> {
    const answers = join(work, 'answers');
    await mkdir(answers, { recursive: true });
    const copies = await FileCopies.open({
      directory: join(work, 'copies'),
      maxBytes: 1e9,
      memoryLimit: MEMORY,
    });
    const engine = await createServerEngine({
      memoryLimit: MEMORY,
      threads: 2,
      tempDirectory: join(work, 'spill'),
      allowedDirectories: [join(work, 'warehouse'), join(work, 'copies')],
      timeoutMs: 60_000,
      maxConcurrent: 1,
    });
    return new OurEngine(io, answers, engine, await openPlanner(), copies);
  }

  close(): void {
    this.#engine.close();
    this.#copies.close();
    this.#planning.close();
  }

  /** @param moved where folders lie now that the table's metadata names */
  async load(metadataLocation: string, moved: Moved = {}): Promise<LoadedTable> {
    const rules = Object.entries(moved).map(([from, to]) => ({ from, to }));
    const table = await loadTable(this.io, relocate(metadataLocation, rules));
    return rules.length === 0 ? table : { ...table, metadata: relocateMetadata(table.metadata, rules) };
  }

  /** Where the answer is now, as a file with a stream of Arrow. */
  async scan(metadataLocation: string, request: ScanRequest, moved?: Moved): Promise<string> {
    const { metadata } = await this.load(metadataLocation, moved);
    const table = versionOf({ name: 't', metadata }, request);
    const where = request.filter === null ? '' : ` WHERE ${request.filter}`;
    const { plan, sources, source } = await this.#planning.planner.plan({
      sql: `SELECT ${request.select} FROM t${where}`,
      ref: { name: 'main', hash: '0'.repeat(64) },
      preference: 'server',
      resolveTable: async () => table,
      listTables: async () => [],
      io: this.io,
      manifests: this.#manifests,
      fileUrl: (location) => location,
      deletesUrl: (_table, { key }) => key,
      browserBytes: 0,
    });
    const pieces: Uint8Array[] = [];
    const scans = await executableScans({
      opener: this.#opener,
      deletedRows: this.#deletedRows,
      sources,
    });
    for await (const piece of this.#engine.arrow({ sql: plan.sql, columns: plan.columns, source, scans }))
      pieces.push(piece);
    const path = join(this.#answers, `${randomUUID()}.arrow`);
    await writeFile(path, Buffer.concat(pieces));
    return path;
  }
}

/** A branch is read with the table's columns of now, as other engines do; a tag or snapshot with those it had. */
function versionOf(table: ResolvedTable, { ref, snapshotId }: ScanRequest): ResolvedTable {
  if (snapshotId !== null) return { ...table, snapshotId: BigInt(snapshotId) };
  if (ref === null) return table;
  const found = table.metadata.refs[ref];
  if (found === undefined) throw new TypeError(`the table has no ref '${ref}'`);
  if (found.type === 'tag') return { ...table, snapshotId: found.snapshotId };
  return { ...table, metadata: { ...table.metadata, currentSnapshotId: found.snapshotId } };
}
