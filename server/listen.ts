import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Serves a lakehouse over HTTP. @throws ALREADY_RUNNING where the port is taken */
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

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new AppError(
    'ALREADY_RUNNING',
    `Port ${port} is taken by another program. Choose one with --port or PORT.`,
    {
      context: { port },
      cause: error,
    },
  );
}
