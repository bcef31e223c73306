import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '#server/db/local-postgres.ts';
import { openDatabase, type OpenDatabase } from '#server/db/open-database.ts';

export interface BenchDatabase {
  readonly name: string;
  readonly database: OpenDatabase;
  close(): Promise<void>;
}

/** PGlite in a folder, as a lakehouse has it, and PostgreSQL with fsync where there is one. */
export async function openDatabases(): Promise<readonly BenchDatabase[]> {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-bench-catalog-'));
  const embedded = await openDatabase({ kind: 'pglite', directory: join(folder, 'metadata') });
  const opened: BenchDatabase[] = [
    {
      name: 'PGlite',
      database: embedded,
      async close() {
        await embedded.close();
        await rm(folder, { recursive: true, force: true });
      },
    },
  ];
  const programs = postgresPrograms();
  const url = process.env['DATABASE_URL'];
  if (url === undefined && programs === null) return opened;
  const server = url === undefined && programs !== null ? await startPostgres(programs, true) : null;
  const database = await openDatabase({ kind: 'postgres', url: server?.url ?? url ?? '' });
  opened.push({
    name: 'PostgreSQL',
    database,
    async close() {
      await database.close();
      await server?.stop();
    },
  });
  return opened;
}
