import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';

/** Where Debian and its kin put each major version. */
const VERSIONS = '/usr/lib/postgresql';
const START_MS = 30_000;
/** Ends the server as soon as nobody holds the other end of the pipe: also where a test is killed. */
const WATCHED = `exec 3<&0; "$0" "$@" & server=$!; (cat <&3 >/dev/null; kill -INT $server) & wait $server`;

export interface LocalPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** The folder of the newest PostgreSQL's programs on this machine; null where there is none. */
export function postgresPrograms(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'));
  return folders.find((folder) => ['initdb', 'postgres'].every((it) => existsSync(join(folder, it)))) ?? null;
}

/** A server of its own in a temporary folder, for tests and benchmarks. @param durable fsync, as in real life */
export async function startPostgres(programs: string, durable = false): Promise<LocalPostgres> {
  const as = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'timestream-postgres-'));
  if (as.uid !== undefined && as.gid !== undefined) await chown(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    { ...as, cwd: folder },
  );
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const server = spawn(
    'sh',
    [
      '-c',
      WATCHED,
      join(programs, 'postgres'),
      '-D',
      data,
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    // In a session of its own, where a signal to all of a test's processes does not reach the watcher.
    { ...as, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
  const stop = async () => {
    server.stdin?.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  for (const until = Date.now() + START_MS; !(await answers(url)); await sleep(50)) {
    if (server.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new AppError('UNAVAILABLE', `PostgreSQL of ${programs} did not start in ${folder}.`);
  }
  return { url, stop };
}

/** PostgreSQL refuses to run as root: then as the user that its package makes. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
