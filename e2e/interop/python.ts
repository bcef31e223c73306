import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Rows } from './report.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
/** Spark with everything it writes takes minutes; whatever takes this long hangs. */
const TIMEOUT_MS = 30 * 60_000;

/** The interpreter that has the other engines, and the scripts beside this file. */
export class Python {
  readonly #interpreter: string;
  readonly #work: string;

  constructor(interpreter: string, work: string) {
    this.#interpreter = interpreter;
    this.#work = work;
  }

  /** Runs `script REQUEST.json ANSWER.json` after the other arguments. */
  async ask(script: string, request: unknown, ...args: readonly string[]): Promise<unknown> {
    const [from, to] = ['request', 'answer'].map((what) =>
      join(this.#work, `${script}-${what}-${randomUUID()}.json`),
    ) as [string, string];
    await writeFile(from, JSON.stringify(request));
    await run(this.#interpreter, [join(import.meta.dirname, script), ...args, from, to], {
      maxBuffer: 64 * MIB,
      timeout: TIMEOUT_MS,
      // The scripts lie in the repository, which a test leaves as it was.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    return JSON.parse(await readFile(to, 'utf8')) as unknown;
  }

  /** What is in files of Arrow or Parquet, in canonical form. */
  async rows(paths: readonly string[]): Promise<(path: string) => Rows> {
    const found = (await this.ask('canonical_files.py', paths)) as Record<string, Rows>;
    return (path) => {
      const rows = found[path];
      if (rows === undefined) throw new TypeError(`there is no answer in ${path}`);
      return rows;
    };
  }
}
