/** Runs tasks one at a time in the order they came: a DuckDB connection has one statement in flight. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task, task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when all that came so far is done. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
