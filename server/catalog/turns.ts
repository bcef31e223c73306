/**
 * Lets callers of one process go one after the other. Without it, commits that come at once would all build on
 * the same head, and all but one in vain; among processes the swap of the ref decides.
 */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  async take<T>(name: string, action: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(name) ?? Promise.resolve()).then(action);
    const over = mine.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(name, over);
    try {
      return await mine;
    } finally {
      if (this.last.get(name) === over) this.last.delete(name);
    }
  }
}
