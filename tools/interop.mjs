import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './run.mjs';

const REQUIREMENTS = join(root, 'e2e', 'interop', 'requirements.txt');
const VENV = join(root, '.cache', 'interop');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** A Python of our own with the pinned PyIceberg; made anew when the pins change. */
function ensurePython() {
  const stamp = join(VENV, 'stamp');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing PyIceberg into .cache/interop (once; about half a minute)…');
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  execFileSync(PYTHON, [...pip, '-r', REQUIREMENTS], { stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}

const work = mkdtempSync(join(tmpdir(), 'timestream-interop-'));
let passed = 0;
let failed = 0;
try {
  ensurePython();
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
    'It needs Python 3.11 or later with venv (set PYTHON to choose one) and a package index that pip can reach.',
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
