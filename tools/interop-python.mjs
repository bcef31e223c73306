import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const REQUIREMENTS = join(root, 'e2e', 'interop', 'requirements.txt');
const VENV = join(root, '.cache', 'interop');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/**
 * A Python of our own with the pinned engines; made anew when the pins change.
 * @returns {string} path of its interpreter
 */
export function ensurePython() {
  const stamp = join(VENV, 'stamp');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return PYTHON;
  console.error(
    'Installing PyIceberg, DuckDB and Spark into .cache/interop (once: 650 MB, a minute or two)…',
  );
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', VENV], { stdio: ['inherit', 2, 'inherit'] });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // Of all of them only pyspark has no wheel; it is built of what its archive holds.
  const wheels = ['--only-binary', ':all:', '--no-binary', 'pyspark'];
  execFileSync(PYTHON, [...pip, ...wheels, '-r', REQUIREMENTS], { stdio: ['inherit', 2, 'inherit'] });
  writeFileSync(stamp, wanted);
  return PYTHON;
}
