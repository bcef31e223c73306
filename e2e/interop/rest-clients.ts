import { join } from 'node:path';
import { queryJson } from '#server/services/query/index.ts';
import type { Python } from './python.ts';
import type { Report } from './report.ts';
import { RestServer } from './rest-server.ts';
import { startTrino, type TrinoPrograms } from './trino.ts';

/** One comparison that an engine's script made; `error` where it could not. */
interface Check {
  readonly what: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly error?: string;
}

const SCRIPTS = [
  ['PyIceberg', 'rest_pyiceberg.py'],
  ['DuckDB', 'rest_duckdb.py'],
  ['Spark', 'rest_spark.py'],
] as const;

/** Catalogs of Trino, and the places in history that these are. */
const TRINO_PLACES = { lake: 'main', dev: 'trino/dev', tag: 'trino-tag' };

/** Engines as they are work against our catalog by its address and a token alone. @param programs null: without Trino */
export async function restClients(
  report: Report,
  python: Python,
  work: string,
  programs: TrinoPrograms | null,
): Promise<void> {
  const server = await RestServer.open(work);
  const run = async (engine: string, script: string, more: object) => {
    const request = { url: server.url, token: server.token, work, ...more };
    const checks = (await python.ask(script, request)) as readonly Check[];
    for (const { what, expected, actual, error } of checks) {
      const name = `${engine} by REST: ${what}`;
      if (error === undefined) report.equal(name, expected, actual);
      else report.check(name, false, () => error);
    }
    report.check(`${engine} by REST: checks were made`, checks.length > 0);
    await weReadTheirRows(report, server, engine);
    await commitsTell(report, server, engine);
  };
  try {
    for (const [engine, script] of SCRIPTS)
      await report.case(`${engine} by REST`, () => run(engine, script, {}));
    if (programs === null) return;
    await report.case('Trino by REST', async () => {
      const trino = await startTrino(programs, join(work, 'trino'), server, TRINO_PLACES);
      try {
        await run('Trino', 'rest_trino.py', { trino: trino.url });
      } finally {
        await trino.stop();
      }
    });
  } finally {
    await server.close();
  }
}

/** Each script leaves a table `<engine>.shared` behind, with ids from 1 to 5 and letters as names. */
async function weReadTheirRows(report: Report, { lakehouse }: RestServer, engine: string): Promise<void> {
  const { rows } = await queryJson(lakehouse.ctx, {
    sql: `SELECT id::INTEGER AS id, name FROM ${engine.toLowerCase()}.shared ORDER BY id`,
  });
  const letters = ['a', 'b', 'c', 'd', 'e'];
  report.equal(
    `we read what ${engine} wrote by REST`,
    rows,
    letters.map((name, index) => [index + 1, name]),
  );
}

async function commitsTell(report: Report, { lakehouse }: RestServer, engine: string): Promise<void> {
  const { catalog } = lakehouse.ctx;
  const { hash } = await catalog.getRef(catalog.defaultBranch);
  const key = [engine.toLowerCase(), 'shared'];
  const { commits } = await catalog.log(hash, { limit: 100, keys: [key] });
  report.check(
    `commits of ${engine} say who made them and what`,
    commits.length > 1 &&
      commits.every(({ author }) => author === engine.toLowerCase()) &&
      commits.some(({ message }) => message.startsWith(`Append to ${key.join('.')} (`)),
    () => JSON.stringify(commits.map(({ author, message }) => [author, message])),
  );
}
