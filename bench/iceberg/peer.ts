import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '#shared/errors/app-error.ts';

/** PyIceberg in a process of its own that stays, so that neither its start nor its imports are measured. */
export class Peer {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor(python: string) {
    this.#child = spawn(python, [join(import.meta.dirname, 'peer.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** @param action as peer.py names it; numbers of the answer by name */
  async ask(
    action: string,
    request: Record<string, unknown> = {},
  ): Promise<Readonly<Record<string, number>>> {
    this.#child.stdin.write(`${JSON.stringify({ action, ...request })}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true)
      throw new AppError('UNAVAILABLE', `PyIceberg ended while it was asked to ${action}; see above.`);
    return JSON.parse(answer.value) as Record<string, number>;
  }

  close(): void {
    this.#lines.close();
    this.#child.kill();
  }
}
