import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { AppError } from '#shared/errors/app-error.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Lakehouse } from './lakehouse.ts';

interface ListenOptions {
  readonly lakehouse: Lakehouse;
  readonly config: Config;
  readonly version: string;
  readonly webDirectory: string | null;
}

export interface Listening {
  /** http://127.0.0.1:4400 */
  readonly url: string;
  /** Stops taking requests and ends the open ones. */
  close(): Promise<void>;
}

/** Serves a lakehouse over HTTP. @throws ALREADY_RUNNING where the port is taken, UNAVAILABLE */
export async function listen({
  lakehouse,
  config,
  version,
  webDirectory,
}: ListenOptions): Promise<Listening> {
  const app = createApp({
    ctx: lakehouse.ctx,
    token: lakehouse.token,
    allowedHosts: config.allowedHosts,
    webDirectory,
    version,
    logger: lakehouse.ctx.logger,
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, config.port)));
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${config.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Whether the port can be had, asked before anything is made that would be left behind.
 * @throws ALREADY_RUNNING where the port is taken, UNAVAILABLE
 */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    probe.listen(port, host, resolve);
  });
  await new Promise((resolve) => probe.close(resolve));
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  const options = { context: { port }, cause: error };
  if (error.code === 'EADDRINUSE') {
    return new AppError(
      'ALREADY_RUNNING',
      `Port ${port} is in use already. Choose another one with --port or PORT.`,
      options,
    );
  }
  if (error.code === 'EACCES') {
    return new AppError(
      'UNAVAILABLE',
      `This user may not listen on port ${port}. Choose one from 1024 up with --port or PORT.`,
      options,
    );
  }
  return new AppError('UNAVAILABLE', `Port ${port} can't be listened on: ${error.message}.`, options);
}
