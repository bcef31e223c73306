import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Makes a TypeScript file runnable by plain node, for tests that kill real processes.
 *
 * @param entry URL of the file
 * @returns the path of a script below .cache/, from where it finds node_modules
 */
export async function buildChildScript(entry: URL): Promise<string> {
  const cache = join(REPOSITORY, '.cache');
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, 'child-'));
  await build({
    configFile: false,
    root: REPOSITORY,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: true,
      target: 'node20',
      outDir,
      minify: false,
      rolldownOptions: { input: fileURLToPath(entry), output: { entryFileNames: 'child.mjs' } },
    },
  });
  return join(outDir, 'child.mjs');
}

export interface RunningChild {
  readonly process: ChildProcess;
  /** The next line that the child prints; null when it has ended without another. */
  line(): Promise<string | null>;
  /** Signal or exit code with which it ended. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
}

/** Starts a script with its lines of standard output to read; what it says on standard error is passed on. */
export function startChild(
  script: string,
  args: readonly string[],
  via: readonly string[] = [],
): RunningChild {
  const [command = process.execPath, ...rest] = [...via, process.execPath, script, ...args];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting: ((line: string | null) => void)[] = [];
  let text = '';
  let over = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      const next = waiting.shift();
      if (next === undefined) lines.push(line);
      else next(line);
    }
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      over = true;
      for (const next of waiting.splice(0)) next(null);
      resolve(signal ?? code);
    });
  });
  return {
    process: child,
    ended,
    line: async () => {
      const ready = lines.shift();
      if (ready !== undefined) return ready;
      return over ? null : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
