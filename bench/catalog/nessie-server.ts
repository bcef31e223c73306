import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VersionedStore } from './versioned-store.ts';

const START_MS = 180_000;

interface Reference {
  readonly reference: { readonly name: string; readonly hash: string };
}

/** Nessie in a process of its own that keeps everything in memory, asked by its REST API, version 2. */
export async function startNessie(
  java: string,
  jar: string,
): Promise<{ readonly store: VersionedStore; stop(): Promise<void> }> {
  const [port, management] = [await freePort(), await freePort()];
  const settings = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.management.host': '127.0.0.1',
    'quarkus.management.port': management,
    'quarkus.otel.sdk.disabled': true,
    'quarkus.log.level': 'ERROR',
    'nessie.version.store.type': 'IN_MEMORY',
  };
  const options = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const child = spawn(java, ['-Xmx1g', ...options, '-jar', jar], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    kill();
    await ended;
  };
  const base = `http://127.0.0.1:${port}/api/v2`;
  for (const until = Date.now() + START_MS; ; await sleep(200)) {
    const answer = await fetch(`${base}/config`).catch(() => null);
    if (answer?.ok === true) break;
    if (child.exitCode === null && Date.now() < until) continue;
    await stop();
    throw new Error(`Nessie did not start (${child.exitCode})`);
  }
  return { store: nessieStore(base), stop };
}

function nessieStore(base: string): VersionedStore {
  const ask = async (method: string, path: string, json?: unknown): Promise<unknown> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as unknown;
  };
  const head = async (branch: string) => ((await ask('GET', `/trees/${branch}`)) as Reference).reference.hash;
  return {
    async commit(branch, keys) {
      const operations = keys.map((key) => ({
        type: 'PUT',
        key: { elements: [key] },
        content: {
          type: 'ICEBERG_TABLE',
          metadataLocation: `s3://warehouse/${key}/metadata/0.metadata.json`,
          snapshotId: 1,
          schemaId: 0,
          specId: 0,
          sortOrderId: 0,
        },
      }));
      const place = `${branch}@${await head(branch)}`;
      await ask('POST', `/trees/${place}/history/commit`, { commitMeta: { message: 'bench' }, operations });
    },
    async branch(name, from) {
      const body = { type: 'BRANCH', name: from, hash: await head(from) };
      await ask('POST', `/trees?name=${name}&type=BRANCH`, body);
    },
    async diff(from, to) {
      const { diffs } = (await ask('GET', `/trees/${from}/diff/${to}`)) as { diffs: unknown[] };
      return diffs.length;
    },
    async merge(branch, from) {
      const body = { fromRefName: from, fromHash: await head(from), message: 'bench' };
      await ask('POST', `/trees/${branch}@${await head(branch)}/history/merge`, body);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
