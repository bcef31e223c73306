import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { postgresPrograms, startPostgres, type LocalPostgres } from './local-postgres.ts';
import { openDatabase, type OpenDatabase } from './open-database.ts';

/**
 * The databases that a store's suite runs on: PGlite always, PostgreSQL where DATABASE_URL names a server, or where its
 * programs are on the machine: then one is started for the test file and stopped with it.
 */
export function testDatabases(): readonly {
  readonly name: string;
  readonly open: () => Promise<OpenDatabase>;
}[] {
  const url = process.env['DATABASE_URL'];
  const programs = postgresPrograms();
  const local = programs === null ? null : () => openOnOwnServer(programs);
  const openPostgres = url === undefined ? local : () => openOwnDatabase(url);
  return [
    { name: 'PGlite', open: openFromDump },
    ...(openPostgres === null ? [] : [{ name: 'PostgreSQL', open: openPostgres }]),
  ];
}

async function openFromDump(): Promise<OpenDatabase> {
  return openDatabase({ kind: 'pglite', directory: 'memory', dump: await testDump() });
}

/** initdb takes seconds, so it runs once on a machine; each test starts from a copy of what it made. */
export async function testDump(): Promise<Blob> {
  const folder = join(tmpdir(), `timestream-test-${process.getuid?.() ?? 'user'}`);
  const file = join(folder, `pglite-0.5-${process.versions.node.split('.')[0]}.tar`);
  if (!existsSync(file)) {
    const fresh = await openDatabase({ kind: 'pglite', directory: 'memory' });
    const dump = await fresh.dump?.();
    await fresh.close();
    await mkdir(folder, { recursive: true });
    const own = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(own, Buffer.from((await dump?.arrayBuffer()) ?? new ArrayBuffer(0)));
    // Another test file may have been as fast; either of the two dumps will do.
    await rename(own, file);
  }
  return new Blob([await readFile(file)]);
}

let ownServer: { readonly started: Promise<LocalPostgres>; users: number } | null = null;

/** Stopped when the last database on it is closed. */
async function openOnOwnServer(programs: string): Promise<OpenDatabase> {
  ownServer ??= { started: startPostgres(programs), users: 0 };
  const server = ownServer;
  server.users += 1;
  const local = await server.started;
  const opened = await openOwnDatabase(local.url);
  return {
    ...opened,
    async close() {
      await opened.close();
      server.users -= 1;
      if (server.users > 0) return;
      ownServer = null;
      await local.stop();
    },
  };
}

/** A database of its own on the server, so that suites don't see each other; gone when it is closed. */
async function openOwnDatabase(url: string): Promise<OpenDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const opened = await openDatabase({ kind: 'postgres', url: own.href });
  return {
    ...opened,
    async close() {
      await opened.close();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
