import { existsSync, readdirSync } from 'node:fs';
import { runnerImport } from 'vite';
import { buildIfNeeded } from './build.mjs';
import { recordFigures } from './figures.mjs';
import { ensurePython } from './interop-python.mjs';
import { ensureNessie } from './nessie.mjs';
import { root } from './run.mjs';
import { ensureTpchGenerator } from './tpch-generator.mjs';

const [name] = process.argv.slice(2);
const known = readdirSync(`${root}bench`)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
if (name === undefined || !existsSync(`${root}bench/${name}.bench.ts`)) {
  console.error(
    `usage: npm run bench -- NAME [--json] [options of its own], where NAME is ${known.join(', ')}`,
  );
  process.exit(2);
}
const { module } = await runnerImport(`${root}bench/${name}.bench.ts`, { root, configFile: false });
if (module.usesBuild !== false) await buildIfNeeded();
await module.default({
  json: process.argv.includes('--json'),
  python: ensurePython,
  tpch: ensureTpchGenerator,
  nessie: ensureNessie,
  record: recordFigures,
  args: process.argv.slice(3),
});
process.exit(0);
