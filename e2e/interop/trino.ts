import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds where nothing else runs; whatever takes this long hangs. */
const START_MS = 900_000;

/** Where Trino and a Java for it lie (tools/trino.mjs). */
export interface TrinoPrograms {
  readonly java: string;
  /** With the server's `lib`, and in `plugin` the connectors. */
  readonly home: string;
}

export interface Trino {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Trino on this machine alone, with a catalog for each place in history that differs in nothing but its warehouse.
 *
 * @param work an empty folder for its settings and logs
 */
export async function startTrino(
  { java, home }: TrinoPrograms,
  work: string,
  server: { readonly url: string; readonly token: string },
  places: Readonly<Record<string, string>>,
): Promise<Trino> {
  const url = `http://127.0.0.1:${await freePort()}`;
  await mkdir(join(work, 'catalog'), { recursive: true });
  await writeProperties(join(work, 'config.properties'), {
    coordinator: true,
    'node-scheduler.include-coordinator': true,
    'http-server.http.port': new URL(url).port,
    'discovery.uri': url,
    'node.internal-address': '127.0.0.1',
    'query.max-memory': '200MB',
    'query.max-memory-per-node': '200MB',
    'memory.heap-headroom-per-node': '150MB',
    'catalog.management': 'static',
  });
  await writeProperties(join(work, 'log.properties'), { 'io.trino': 'WARN' });
  for (const [catalog, place] of Object.entries(places))
    await writeProperties(join(work, 'catalog', `${catalog}.properties`), {
      'connector.name': 'iceberg',
      'iceberg.catalog.type': 'rest',
      'iceberg.rest-catalog.uri': `${server.url}/iceberg`,
      'iceberg.rest-catalog.warehouse': place,
      'iceberg.rest-catalog.security': 'OAUTH2',
      'iceberg.rest-catalog.oauth2.credential': `trino:${server.token}`,
      'iceberg.rest-catalog.oauth2.server-uri': `${server.url}/iceberg/v1/oauth/tokens`,
      'iceberg.rest-catalog.nested-namespace-enabled': true,
      'fs.hadoop.enabled': true,
    });
  const settings = {
    config: join(work, 'config.properties'),
    'log.levels-file': join(work, 'log.properties'),
    'catalog.config-dir': join(work, 'catalog'),
    'plugin.dir': join(home, 'plugin'),
    'node.data-dir': join(work, 'data'),
    'node.environment': 'interop',
    'node.id': 'interop',
    'user.timezone': 'UTC',
    'jdk.attach.allowAttachSelf': true,
    'file.encoding': 'UTF-8',
  };
  const log = openSync(join(work, 'log'), 'a');
  const child = spawn(
    java,
    [
      '-Xmx1g',
      '--enable-native-access=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
      '-cp',
      `${join(home, 'lib')}/*`,
      'io.trino.server.TrinoServer',
    ],
    { cwd: work, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    kill();
    await ended;
  };
  for (const until = Date.now() + START_MS; ; await sleep(250)) {
    const answer = await fetch(`${url}/v1/info`).catch(() => null);
    const info = answer?.ok === true ? ((await answer.json()) as { starting?: boolean }) : null;
    if (info?.starting === false) return { url, stop };
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    const said = await readFile(join(work, 'log'), 'utf8');
    throw new Error(`Trino did not start (${child.exitCode}):\n${said.slice(-4000)}`);
  }
}

async function writeProperties(
  path: string,
  properties: Readonly<Record<string, string | boolean>>,
): Promise<void> {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(path, lines.join(''));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
