import type { KeptRecords } from '../kept-records.ts';

/** Records of a test's own; `fails` is what a browser does that forbids storage. */
export class MemoryRecords implements KeptRecords {
  readonly values = new Map<string, unknown>();
  fails = false;

  async get(name: string): Promise<unknown> {
    return this.#allowed().get(name) ?? null;
  }

  async all(prefix: string): Promise<readonly unknown[]> {
    return [...this.#allowed()].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value);
  }

  async put(name: string, value: unknown): Promise<void> {
    this.#allowed().set(name, structuredClone(value));
  }

  async change(name: string, next: (before: unknown) => unknown): Promise<void> {
    const value = next(this.#allowed().get(name) ?? null);
    if (value !== null) await this.put(name, value);
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) this.#allowed().delete(name);
  }

  #allowed(): Map<string, unknown> {
    if (this.fails) throw new DOMException('Storage is forbidden here.', 'SecurityError');
    return this.values;
  }
}
