import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const PORTS = ['master', 'masterGrpc', 'volume', 'volumeGrpc', 'filer', 'filerGrpc', 's3', 's3Grpc'] as const;
const START_MS = 60_000;
const CREDENTIALS = { accessKeyId: 'timestream', secretAccessKey: 'not-a-secret' };
/** May list and read one bucket, and write none. */
const READER = { accessKeyId: 'reader', secretAccessKey: 'not-a-secret-too' };

/** SeaweedFS in one process, on this machine's loopback only. */
export class ObjectStore {
  readonly endpoint: string;
  readonly bucket = 'lakehouse';
  readonly credentials = CREDENTIALS;
  readonly reader = READER;
  readonly client: S3Client;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #sockets: readonly string[];

  private constructor(endpoint: string, process: ChildProcess, folder: string, sockets: readonly string[]) {
    this.endpoint = endpoint;
    this.#process = process;
    this.#folder = folder;
    this.#sockets = sockets;
    this.client = new S3Client({
      endpoint,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      forcePathStyle: true,
    });
  }

  static async start(): Promise<ObjectStore> {
    const folder = await mkdtemp(join(setting('S3_WORK'), 'store-'));
    const data = join(folder, 'data');
    await mkdir(data);
    const [master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3, s3Grpc] = await freePorts();
    const identities = [
      { name: 'all', credentials: [keys(CREDENTIALS)], actions: ['Admin', 'Read', 'Write', 'List'] },
      { name: 'reader', credentials: [keys(READER)], actions: ['Read:lakehouse', 'List:lakehouse'] },
    ];
    await writeFile(join(folder, 's3.json'), JSON.stringify({ identities }));
    const log = openSync(join(folder, 'log'), 'a');
    const child = spawn(
      setting('S3_STORE'),
      [
        'server',
        `-dir=${data}`,
        '-ip=127.0.0.1',
        '-ip.bind=127.0.0.1',
        '-master.telemetry=false',
        `-master.port=${master}`,
        `-master.port.grpc=${masterGrpc}`,
        '-master.volumeSizeLimitMB=256',
        `-volume.port=${volume}`,
        `-volume.port.grpc=${volumeGrpc}`,
        '-volume.max=50',
        '-filer',
        `-filer.port=${filer}`,
        `-filer.port.grpc=${filerGrpc}`,
        `-filer.localSocket=${join(folder, 'filer.sock')}`,
        '-s3',
        `-s3.port=${s3}`,
        `-s3.port.grpc=${s3Grpc}`,
        `-s3.localSocket=${join(folder, 's3.sock')}`,
        `-s3.config=${join(folder, 's3.json')}`,
        '-s3.port.iceberg=0',
        '-s3.port.lance=0',
        '-s3.autoCreateBucket=false',
        '-s3.iam=false',
      ],
      { stdio: ['ignore', log, log], cwd: folder },
    );
    closeSync(log);
    // It makes these outside its folder, whatever it is told.
    const sockets = Object.entries({ master: masterGrpc, volume: volumeGrpc, filer: filerGrpc, s3: s3Grpc });
    const store = new ObjectStore(
      `http://127.0.0.1:${s3}`,
      child,
      folder,
      sockets.map(([part, port]) => `/tmp/seaweedfs-${part}-grpc-${port}.sock`),
    );
    await store.#ready();
    return store;
  }

  async stop(): Promise<void> {
    this.client.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    for (const socket of this.#sockets) await rm(socket, { force: true });
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    const until = Date.now() + START_MS;
    for (;;) {
      try {
        await this.client.send(new CreateBucketCommand({ Bucket: this.bucket }));
        return;
      } catch (error) {
        if (error instanceof Error && error.name.startsWith('BucketAlready')) return;
        if (this.#process.exitCode !== null || Date.now() > until) {
          const log = await readFile(join(this.#folder, 'log'), 'utf8');
          throw new Error(`The object store did not start:\n${log.slice(-4000)}`, { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

function keys({ accessKeyId, secretAccessKey }: typeof CREDENTIALS) {
  return { accessKey: accessKeyId, secretKey: secretAccessKey };
}

/** All held at once, so that they differ. */
async function freePorts(): Promise<readonly number[]> {
  const servers = PORTS.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  return ports;
}

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run node tools/interop-s3.mjs`);
  return value;
}
