import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createDatabaseCatalogStore } from '#server/catalog/store/database-catalog-store.ts';
import { createNotebookRepository } from '#server/db/notebook-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { createSettingRepository } from '#server/db/setting-repository.ts';
import { testDatabases } from '#server/db/testing.ts';
import { createParquetWriter, type ParquetWriter } from '#server/engine/write-parquet.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import { createMemoryFileIO } from '#server/storage/memory-file-io.ts';
import { Fault, type FaultKind } from '#server/testing/fault.ts';
import { JobBoard } from '../jobs/index.ts';
import { ICEBERG_TABLE } from '../tables/table-content.ts';
import { loadTableAt, type WriteContext } from '../tables/index.ts';
import type { DemoTable } from './demo-tables.ts';
import { loadTables, needsDemo } from './load-demo.ts';

const step = (id: string, rows: number) => ({
  id,
  message: `Load ${id}`,
  query: `SELECT i AS id, '${id}' AS step FROM range(${rows}) t(i)`,
  rows,
});
const TABLES: readonly DemoTable[] = [
  { table: ['bronze', 'flights'], comment: 'Flights', steps: [step('january', 5), step('february', 7)] },
  { table: ['bronze', 'stocks'], comment: 'Stocks', steps: [step('stocks', 3)] },
];
const STEPS = TABLES.flatMap(({ table, steps }) =>
  steps.map(({ id, rows }) => ({ table: table.join('.'), id, rows })),
);

/** Rows of each table once the first `count` steps have landed. */
function rowsAfter(count: number): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const { table, rows: more } of STEPS.slice(0, count)) rows[table] = (rows[table] ?? 0) + more;
  return rows;
}

let folder: string;
let database: OpenDatabase;
let writer: ParquetWriter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-faults-'));
  const [first] = testDatabases();
  if (first === undefined) throw new Error('there is a database for tests');
  database = await first.open();
  writer = await createParquetWriter({
    memoryLimit: '256MB',
    threads: 1,
    tempDirectory: join(folder, 'spill'),
  });
});
afterAll(async () => {
  writer.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** A process that opens the lakehouse: nothing of one that was before is in its memory. */
async function open(io: FileIO, fault: Fault): Promise<WriteContext> {
  const { db } = database;
  const stagingDirectory = join(folder, 'staging');
  await rm(stagingDirectory, { recursive: true, force: true });
  await mkdir(stagingDirectory);
  return {
    io: fault.wrap(io, ['localPath', 'list']),
    catalog: await createCatalog({ store: fault.wrap(createDatabaseCatalogStore(db)) }),
    notebooks: fault.wrap(createNotebookRepository(db)),
    settings: fault.wrap(createSettingRepository(db)),
    jobs: new JobBoard(),
    writer,
    stagingDirectory,
    logger: pino({ level: 'silent' }),
    author: 'test',
  };
}

/** Loads with a fault, in a lakehouse of its own. @returns whether it came to its end */
async function load(io: FileIO, fault: Fault): Promise<boolean> {
  await database.db.execute(sql`TRUNCATE catalog_objects, catalog_refs, notebooks, settings CASCADE`);
  try {
    await loadTables(await open(io, fault), TABLES);
    return true;
  } catch (error) {
    // Nothing but what was made to go wrong.
    expect(String(error)).toMatch(/made to go wrong/);
    return false;
  }
}

/** What another process finds: a whole number of steps, and every file that any commit reaches. */
async function expectWhole(ctx: WriteContext): Promise<number> {
  const { hash } = await ctx.catalog.getRef('main');
  const { commits } = await ctx.catalog.log(hash, { limit: 100 });
  const landed = commits.map(({ properties }) => properties['timestream.demo-step']).reverse();
  expect(landed).toEqual(STEPS.slice(0, landed.length).map(({ id }) => id));
  for (const [age, commit] of commits.entries()) {
    const rows: Record<string, number> = {};
    for (const { key, content } of await ctx.catalog.listContents(commit.hash)) {
      if (content.type !== ICEBERG_TABLE) continue;
      const { metadata } = await loadTableAt(ctx, commit.hash, key);
      for (const { snapshotId } of metadata.snapshots) {
        const { files } = await planFiles({ io: ctx.io, metadata, snapshotId });
        for (const { file } of files)
          expect((await ctx.io.stat(file.filePath)).size).toBe(Number(file.fileSizeInBytes));
      }
      const { files } = await planFiles({ io: ctx.io, metadata });
      rows[key.join('.')] = files.reduce((sum, { file }) => sum + Number(file.recordCount), 0);
    }
    expect(rows).toEqual(rowsAfter(commits.length - age));
  }
  return landed.length;
}

const MEMORY = async () => createMemoryFileIO();
const FOLDER = async (run: number) => createLocalFileIO({ rootDirectory: join(folder, `warehouse-${run}`) });

describe('a load that goes wrong at any one of its operations', () => {
  it.each<[string, FaultKind, (run: number) => Promise<FileIO>]>([
    ['because the process is gone, in memory', 'killed', MEMORY],
    ['because the process is gone, in a folder', 'killed', FOLDER],
    ['which fails alone', 'failed', MEMORY],
  ])(
    '(%s) leaves a whole number of steps, and goes on to the same end',
    async (_, kind, warehouse) => {
      const counter = new Fault(Infinity, kind);
      expect(await load(await warehouse(0), counter)).toBe(true);
      expect(counter.operations).toBeGreaterThan(30);
      const ends = new Set<number>();
      const struck = new Set<string>();
      for (let at = 1; at <= counter.operations; at += 1) {
        const io = await warehouse(at);
        const fault = new Fault(at, kind);
        const finished = await load(io, fault);
        struck.add(fault.struck ?? 'nothing');
        const ctx = await open(io, new Fault(Infinity, kind));
        const landed = await expectWhole(ctx);
        ends.add(landed);
        expect(finished ? landed : await needsDemo(ctx), `operation ${at}, ${fault.struck}`).toBeTruthy();
        await loadTables(ctx, TABLES);
        expect(await expectWhole(ctx)).toBe(STEPS.length);
        expect(await needsDemo(ctx)).toBe(false);
        expect(await ctx.notebooks.list()).toHaveLength(1);
      }
      // The faults were where they should be: before, between and after all commits, reading and writing.
      expect(ends).toEqual(new Set([0, 1, 2, 3]));
      for (const operation of ['putIfAbsent', 'adopt', 'move', 'getRef', 'set', 'insert'])
        expect(struck).toContain(operation);
      expect(struck).not.toContain('nothing');
    },
    240_000,
  );
});
