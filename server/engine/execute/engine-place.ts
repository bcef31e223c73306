/** Where something stands with the engine: it has not come there yet, waits for a place among what runs, or has one. */
export type PlaceState =
  | { readonly state: 'preparing' | 'running' }
  /** `ahead`: those that get a place before it. */
  | { readonly state: 'waiting'; readonly ahead: number };

/** Is told by the engine where what it is given with stands, and tells whoever looks. */
export class EnginePlace {
  #entered = false;
  #ahead: (() => number) | null = null;
  #of: EnginePlace | null = null;

  /** @param ahead tells those before it, whenever it is asked */
  waits(ahead: () => number): void {
    this.#ahead = ahead;
  }

  enters(): void {
    this.#ahead = null;
    this.#entered = true;
  }

  /** It waits for the answer of another, so it is where that is. */
  follows(other: EnginePlace): void {
    this.#of = other;
  }

  state(): PlaceState {
    if (this.#ahead !== null) return { state: 'waiting', ahead: this.#ahead() };
    if (this.#entered) return { state: 'running' };
    return this.#of?.state() ?? { state: 'preparing' };
  }
}
