import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { root } from './run.mjs';

/** The newest that package registries have both an engine and signed extensions of. */
const VERSION = '1.5.5';
const ENGINE = `@duckdb/node-api@${VERSION}-r.1`;
const NAMES = ['excel', 'fts', 'inet'];
const FOLDER = join(root, '.cache', 'interop-extensions', VERSION);

/**
 * Extensions that DuckDB signed: by an engine that they are for, they are loaded; by the pinned one, refused.
 *
 * @param {string} python path of an interpreter that has pip
 */
export async function runExtensions(python) {
  const files = install(python);
  const { DuckDBInstance: pinned } = await import('@duckdb/node-api');
  const instance = await pinned.create();
  const answer = await (await instance.connect()).runAndReadAll('SELECT version()');
  const [[isPinned]] = answer.getRows();
  instance.closeSync();
  const results = [inProcess(files, true)];
  if (isPinned !== `v${VERSION}`) results.push(inProcess(files, false));
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** A process can hold one DuckDB: a second one's library is taken for the first's, which has its name. */
function inProcess(files, madeForThis) {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(madeForThis), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  const lines = child.stdout.trimEnd().split('\n');
  const result = /^(\d+) passed, (\d+) failed$/.exec(lines.pop() ?? '');
  for (const line of lines) console.log(line);
  if (result === null)
    throw new Error(`the part of signed extensions ended with ${child.status ?? child.signal}`);
  return { passed: Number(result[1]), failed: Number(result[2]) };
}

async function run(files, madeForThis) {
  const alias = madeForThis ? { '@duckdb/node-api': join(FOLDER, 'engine.mjs') } : {};
  const { module } = await runnerImport(join(root, 'e2e', 'interop', 'extensions.ts'), {
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias },
  });
  return module.default(files, madeForThis);
}

function install(python) {
  const stamp = join(FOLDER, 'stamp');
  const packages = join(FOLDER, 'python');
  if (!existsSync(stamp)) {
    console.error(`Installing DuckDB ${VERSION} and some of its extensions into .cache (once: 120 MB)…`);
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{"private": true}');
    const quiet = { cwd: FOLDER, stdio: ['inherit', 2, 'inherit'] };
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ENGINE], quiet);
    const wanted = NAMES.map((name) => `duckdb-extension-${name}==${VERSION}`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
    execFileSync(python, [...pip, '--only-binary', ':all:', '--target', packages, ...wanted], quiet);
    writeFileSync(join(FOLDER, 'engine.mjs'), engineModule());
    writeFileSync(stamp, '');
  }
  return NAMES.map((name) =>
    join(packages, `duckdb_extension_${name}`, 'extensions', `v${VERSION}`, `${name}.duckdb_extension`),
  );
}

/** Its package is a CommonJS module, which stands in for the pinned one in modules that import by name. */
function engineModule() {
  const from = JSON.stringify(join(FOLDER, 'package.json'));
  const names = Object.keys(createRequire(join(FOLDER, 'package.json'))('@duckdb/node-api'));
  return [
    "import { createRequire } from 'node:module';",
    `const engine = createRequire(${from})('@duckdb/node-api');`,
    ...names.filter((name) => name !== 'default').map((name) => `export const ${name} = engine.${name};`),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [madeForThis, ...files] = process.argv.slice(2);
  const { passed, failed } = await run(files, madeForThis === 'true');
  console.log(`${passed} passed, ${failed} failed`);
}
