import { existsSync, readdirSync } from 'node:fs';
import { runnerImport } from 'vite';
import { buildIfNeeded } from './build.mjs';
import { ensurePython } from './interop-python.mjs';
import { root } from './run.mjs';

const [name] = process.argv.slice(2);
const known = readdirSync(`${root}bench`)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
if (name === undefined || !existsSync(`${root}bench/${name}.bench.ts`)) {
  console.error(`usage: npm run bench -- NAME [--json], where NAME is ${known.join(', ')}`);
  process.exit(2);
}
await buildIfNeeded();
const { module } = await runnerImport(`${root}bench/${name}.bench.ts`, { root, configFile: false });
await module.default({ json: process.argv.includes('--json'), python: ensurePython });
process.exit(0);
