import { AppError } from '#shared/errors/app-error.ts';

/** What the operation that was chosen does: the process is gone from then on; or that one fails and others go on. */
export type FaultKind = 'killed' | 'failed';

/**
 * Makes the n-th operation on any of the wrapped ports go wrong, before it has any effect. For an operation whose
 * effect came and whose answer did not, the process being gone, see the next n.
 */
export class Fault {
  readonly #at: number;
  readonly #kind: FaultKind;
  #operations = 0;
  /** The operation that went wrong, e.g. putIfAbsent; null as long as none did. */
  struck: string | null = null;

  /** @param at from 1; Infinity counts only */
  constructor(at: number, kind: FaultKind) {
    this.#at = at;
    this.#kind = kind;
  }

  get operations(): number {
    return this.#operations;
  }

  /** The same port; its methods that give promises are the operations. `sync` names those that don't. */
  wrap<T extends object>(port: T, sync: readonly string[] = []): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || typeof name !== 'string' || sync.includes(name)) return member;
        return async (...args: unknown[]) => {
          this.#step(name);
          return (await member.apply(target, args)) as unknown;
        };
      },
    });
  }

  #step(name: string): void {
    this.#operations += 1;
    const isNow = this.#operations === this.#at;
    if (isNow) this.struck = name;
    if (isNow || (this.#kind === 'killed' && this.#operations > this.#at))
      throw new AppError('UNAVAILABLE', `Operation ${this.#at}, ${this.struck}, was made to go wrong.`);
  }
}
