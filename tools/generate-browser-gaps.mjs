// Writes server/engine/plan/browser-gaps.ts: what the native engine has and the browser's engine lacks, by
// asking both for their own lists. Run it again whenever either DuckDB package changes:
//   node tools/generate-browser-gaps.mjs
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const require = createRequire(import.meta.url);
const OUTPUT = new URL('../server/engine/plan/browser-gaps.ts', import.meta.url);
const ZONED = 'TIMESTAMP WITH TIME ZONE';
const FUNCTIONS = `SELECT DISTINCT lower(function_name) AS text FROM duckdb_functions() WHERE function_type <> 'pragma'`;
const TYPES = 'SELECT DISTINCT lower(type_name) AS text FROM duckdb_types()';
const COLLATIONS = 'SELECT lower(collname) AS text FROM pragma_collations()';

async function nativeLists() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const list = async (sql) => (await (await connection.run(sql)).getRows()).map(([text]) => String(text));
  const lists = {
    version: (await list('SELECT version()'))[0],
    functions: await list(FUNCTIONS),
    types: await list(TYPES),
    zonedParameters: await list(
      `${FUNCTIONS} AND function_type = 'scalar' AND list_contains(parameter_types, '${ZONED}')`,
    ),
    zonedResults: await list(
      `${FUNCTIONS} AND function_type IN ('scalar', 'macro') AND return_type = '${ZONED}'`,
    ),
  };
  instance.closeSync();
  return lists;
}

async function browserLists() {
  const entry = require.resolve('@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs');
  const duckdb = require(entry);
  const bundle = (name) => ({ mainModule: join(dirname(entry), `duckdb-${name}.wasm`), mainWorker: '' });
  const db = await duckdb.createDuckDB(
    { mvp: bundle('mvp'), eh: bundle('eh') },
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME,
  );
  await db.instantiate(() => undefined);
  db.open({});
  const connection = db.connect();
  const list = (sql) =>
    connection
      .query(sql)
      .toArray()
      .map((row) => row.text);
  return {
    version: db.getVersion(),
    functions: list(FUNCTIONS),
    types: list(TYPES),
    collations: list(COLLATIONS),
  };
}

function wrap(items) {
  const lines = [''];
  for (const item of items) {
    if (lines.at(-1).length + item.length > 100) lines.push('');
    lines[lines.length - 1] += ` ${item}`;
  }
  return lines.map((line) => `   ${line}`).join('\n');
}

const native = await nativeLists();
const browser = await browserLists();
if (native.version !== browser.version)
  throw new Error(`The engines differ: native ${native.version}, browser ${browser.version}.`);

const sorted = (items) => [...items].sort((a, b) => (a < b ? -1 : 1));
const without = (all, some) => sorted(all.filter((item) => !some.includes(item)));
const zonedParameters = sorted(native.zonedParameters);
const lists = {
  MISSING_FUNCTIONS: [
    'Functions that the browser has not at all.',
    without(native.functions, browser.functions),
  ],
  MISSING_TYPES: ['Types that the browser has not.', without(native.types, browser.types)],
  COLLATIONS: ['All the collations that the browser has.', sorted(browser.collations)],
  ZONED_PARAMETERS: [`Functions that take ${ZONED}, for which most need ICU.`, zonedParameters],
  ZONED_RESULTS: [
    `Functions that make ${ZONED} out of something else.`,
    without(native.zonedResults, zonedParameters),
  ],
};
const declarations = Object.entries(lists).map(
  ([name, [comment, items]]) =>
    `/** ${String(comment)} */\nexport const ${name}: ReadonlySet<string> = new Set(\n  \`\n${wrap(items)}\n  \`.trim().split(/\\s+/),\n);`,
);
await writeFile(
  OUTPUT,
  [
    `// Made by tools/generate-browser-gaps.mjs from @duckdb/node-api and @duckdb/duckdb-wasm, both DuckDB ${native.version}.`,
    '// What the native engine has and the browser lacks; all names in lower case.',
    `export const DUCKDB_VERSION = '${native.version}';`,
    ...declarations,
    '',
  ].join('\n\n'),
);
process.stdout.write(`${lists.MISSING_FUNCTIONS[1].length} functions are missing in the browser's engine.\n`);
process.exit(0);
