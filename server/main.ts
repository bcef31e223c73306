import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { tableChangeResult } from '#shared/contract/table-changes.ts';
import packageJson from '../package.json' with { type: 'json' };
import { connectApi } from './api-connection.ts';
import { runCli } from './cli/program.ts';
import { openLakehouse } from './lakehouse.ts';
import { lakehousePaths, readConfig } from './config.ts';
import { checkPort, listen } from './listen.ts';
import { startNotebookSchedule } from './jobs/notebook-schedule.ts';
import { openExtensions } from './services/extensions/index.ts';
import { runDemoLoad } from './jobs/demo-load.ts';

const { version } = packageJson;
/** dist/web beside dist/server; from the sources there is no built page, and Vite serves it. */
const WEB_DIRECTORY = fileURLToPath(new URL('../web', import.meta.url));
const webDirectory = existsSync(WEB_DIRECTORY) ? WEB_DIRECTORY : null;

// Who reads what is printed may have read enough, as `head` does: then the rest is said to nobody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv, version, {
  print: (line) => process.stdout.write(`${line}\n`),
  write: writeOut,
  connect: ({ lakehouse }) =>
    connectApi(readConfig(process.env, lakehouse === undefined ? {} : { lakehouse }), version),
  extensions({ lakehouse }) {
    const config = readConfig(process.env, lakehouse === undefined ? {} : { lakehouse });
    return openExtensions(lakehousePaths(config.lakehouseDirectory).extensions);
  },
  async serve(options) {
    const config = readConfig(process.env, options);
    const print = (line: string) => process.stdout.write(`${line}\n`);
    // Who starts a second server on a folder hears of the folder, and who meets a foreign one gets no new folder.
    if (!existsSync(config.lakehouseDirectory)) await checkPort(config);
    // The first start makes a database, and one after a crash repairs it: seconds, in which silence looks like a fault.
    print(`Opening the lakehouse ${config.lakehouseDirectory}…`);
    const lakehouse = await openLakehouse(config);
    // A failure that nobody waited for is a fault of one request, and not of all the others.
    process.on('unhandledRejection', (error) =>
      lakehouse.ctx.logger.error({ err: error }, 'A failure was not waited for.'),
    );
    const server = await listen({ lakehouse, config, version, webDirectory }).catch(
      async (error: unknown) => {
        await lakehouse.close();
        throw error;
      },
    );
    // Before the URL is out: who reads it may stop us at once.
    const stopped = stopSignal();
    print(
      `\nTimeStream ${version} · lakehouse ${config.lakehouseDirectory}\n\n  ${server.url}/?token=${lakehouse.token}\n`,
    );
    const demo = config.demo
      ? runDemoLoad(lakehouse.ctx, { source: demoSource(), print })
      : Promise.resolve();
    const stopSchedule = startNotebookSchedule(lakehouse.ctx);
    await stopped;
    print('Stopping…');
    await server.close();
    await stopSchedule();
    await demo;
    await lakehouse.close();
  },
  async register(request, { json = false, ...options }) {
    const api = await connectApi(readConfig(process.env, options), version);
    try {
      const answer = tableChangeResult.parse(await api.call('POST', '/tables/register', request));
      const { id, rows, files, location } = answer.table;
      const told = `Registered ${id}: ${rows} rows in ${files} files at ${location}.`;
      process.stdout.write(`${json ? JSON.stringify(answer) : told}\n`);
    } finally {
      await api.close();
    }
  },
});

async function writeOut(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await pipeline(bytes, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** The package exports its module only; the data files lie beside the folder that this is in. */
function demoSource(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve('vega-datasets')), '..', 'data');
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
