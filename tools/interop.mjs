import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './run.mjs';

const REQUIREMENTS = join(root, 'e2e', 'interop', 'requirements.txt');
const VENV = join(root, '.cache', 'interop');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** A Python of our own with the pinned engines; made anew when the pins change. */
function ensurePython() {
  const stamp = join(VENV, 'stamp');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing PyIceberg, DuckDB and Spark into .cache/interop (once: 650 MB, a minute or two)…');
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // Of all of them only pyspark has no wheel; it is built of what its archive holds.
  const wheels = ['--only-binary', ':all:', '--no-binary', 'pyspark'];
  execFileSync(PYTHON, [...pip, ...wheels, '-r', REQUIREMENTS], { stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}

const { keep } = parseArguments(process.argv.slice(2));
const work = keep === null ? mkdtempSync(join(tmpdir(), 'timestream-interop-')) : keep;
let passed = 0;
let failed = 0;
try {
  ensurePython();
  mkdirSync(work, { recursive: true });
  const { module } = await runnerImport(join(root, 'e2e', 'interop', 'interop.ts'), {
    root,
    configFile: false,
    logLevel: 'warn',
  });
  ({ passed, failed } = await module.default(PYTHON, work));
} catch (error) {
  failed += 1;
  console.error(`FAILED to set up: ${error.message}`);
  console.error(
    'It needs Python 3.11 or later with venv (set PYTHON to choose one), Java 17 or later, and package indexes that pip and Java can reach.',
  );
} finally {
  if (keep === null) rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** `--keep FOLDER` leaves the tables and answers of all engines there, to look into. */
function parseArguments(words) {
  if (words.length === 0) return { keep: null };
  const [option, folder] = words;
  if (option === '--keep' && folder !== undefined && words.length === 2) {
    if (existsSync(folder)) throw new Error(`${folder} is there already; name a new folder.`);
    return { keep: resolve(folder) };
  }
  console.error('Usage: npm run test:interop [-- --keep NEW_FOLDER]');
  process.exit(2);
}
