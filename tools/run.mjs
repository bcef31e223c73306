import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program in the project's folder, its output passed through.
 * @returns {Promise<number>} its exit code
 */
export function run(command, args = [], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** A command of a package in node_modules, run by this Node. */
export function bin(name, args = [], env = {}) {
  return run(process.execPath, [`${root}node_modules/${name}`, ...args], env);
}
