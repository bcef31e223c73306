import { statementResult } from '#shared/contract/statements.ts';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { openLakehouse } from '../lakehouse.ts';

/** Writers on several tables of the lakehouse in argv[2]; prints who wrote and the commit's hash, once it is acknowledged. */
const WRITERS = 4;
const environment = {
  LAKEHOUSE_DIR: process.argv[2] ?? '',
  ENGINE_MEMORY: '512MB',
  ENGINE_THREADS: '1',
  LOG_LEVEL: 'silent',
};
const { ctx, token } = await openLakehouse(readConfig(environment, {}));
const app = createApp({ ctx, token, allowedHosts: [], webDirectory: null, version: '0', logger: ctx.logger });

async function run(writer: number, sql: string): Promise<void> {
  const response = await app.request('http://localhost/api/v1/statements', {
    method: 'POST',
    headers: { host: 'localhost', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sql }),
  });
  const answer = await response.text();
  // What was refused is told in its place, and is no line that the test knows.
  const said = response.ok ? (statementResult.parse(JSON.parse(answer)).commit?.hash ?? 'none') : answer;
  process.stdout.write(`${writer} ${said}\n`);
}

await Promise.all(
  Array.from({ length: WRITERS }, async (_, writer) => {
    await run(writer, `CREATE TABLE IF NOT EXISTS load.t${writer} (i INTEGER)`);
    for (let i = 0; ; i += 1) await run(writer, `INSERT INTO load.t${writer} VALUES (${i})`);
  }),
);
