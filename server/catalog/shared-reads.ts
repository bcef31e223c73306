/**
 * Answers those who ask for the same thing at the same time with one read. A read that began before a question came
 * does not answer it, since that may have changed in between: such a question waits for the next read.
 */
export class SharedReads<T> {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<T>>();
  private readonly read: (name: string) => Promise<T>;

  constructor(read: (name: string) => Promise<T>) {
    this.read = read;
  }

  get(name: string): Promise<T> {
    const waiting = this.next.get(name);
    if (waiting !== undefined) return waiting;
    const before = this.running.get(name);
    if (before === undefined) return this.start(name);
    const after = before.then(() => {
      this.next.delete(name);
      return this.start(name);
    });
    this.next.set(name, after);
    return after;
  }

  private start(name: string): Promise<T> {
    const answer = this.read(name);
    this.running.set(name, this.whenOver(name, answer));
    return answer;
  }

  private async whenOver(name: string, answer: Promise<T>): Promise<void> {
    await Promise.allSettled([answer]);
    this.running.delete(name);
  }
}
