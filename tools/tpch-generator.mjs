import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const REQUIREMENT = 'tpchgen-cli==4.0.0';
const VENV = join(root, '.cache', 'tpch');
const BIN = join(VENV, process.platform === 'win32' ? 'Scripts' : 'bin');

/**
 * A generator of TPC-H data, in a Python environment of its own; made anew when the pin changes.
 * @returns {string} path of its program
 */
export function ensureTpchGenerator() {
  const program = join(BIN, 'tpchgen-cli');
  const stamp = join(VENV, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === REQUIREMENT) return program;
  console.error('Installing a generator of TPC-H data into .cache/tpch (once: 20 MB)…');
  rmSync(VENV, { recursive: true, force: true });
  mkdirSync(join(root, '.cache'), { recursive: true });
  const stdio = /** @type {const} */ (['inherit', 2, 'inherit']);
  execFileSync(process.env.PYTHON ?? 'python3', ['-m', 'venv', VENV], { stdio: [...stdio] });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  execFileSync(join(BIN, 'python'), [...pip, REQUIREMENT], { stdio: [...stdio] });
  writeFileSync(stamp, REQUIREMENT);
  return program;
}
