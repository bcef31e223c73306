import { abortError } from './abort.ts';

/** A light query that runs longer is none. */
const LIGHT_MS = 2000;

export interface AdmissionOptions {
  /** What runs at once. */
  readonly places: number;
  /** Places beside, which only light ones may have. */
  readonly forLight?: number;
  /** All that ever runs at once, with light ones that took longer and have others in their places. */
  readonly most?: number;
}

interface Waiting {
  readonly light: boolean;
  readonly enter: (kept: boolean) => void;
}

/**
 * Lets so many queries run at once; the others wait in the order they came. Light ones have places of their own beside, and
 * wait for whichever comes first: so they pass heavy ones, and take nothing from them.
 */
export class Admission {
  readonly #places: number;
  readonly #forLight: number;
  readonly #most: number;
  #running = 0;
  #runningLight = 0;
  readonly #waiting: Waiting[] = [];

  constructor(options: number | AdmissionOptions) {
    const { places, forLight = 0, most } = typeof options === 'number' ? { places: options } : options;
    this.#places = places;
    this.#forLight = forLight;
    this.#most = most ?? places + forLight;
  }

  /** Resolves with what gives the place back. @throws AbortError where the signal fires while it waits */
  async enter(signal?: AbortSignal, light = false): Promise<() => void> {
    const kept = await this.#place(signal, light);
    let counted: 'light' | 'heavy' | 'left' = kept ? 'light' : 'heavy';
    const timer = kept ? setTimeout(() => tooLong(), LIGHT_MS) : undefined;
    const tooLong = () => {
      if (this.#running + this.#runningLight >= this.#most) return;
      counted = 'heavy';
      this.#runningLight--;
      this.#running++;
      this.#admit();
    };
    return () => {
      if (counted === 'left') return;
      clearTimeout(timer);
      if (counted === 'light') this.#runningLight--;
      else this.#running--;
      counted = 'left';
      this.#admit();
    };
  }

  /** Whether it is one of those for light ones; null where there is none. It is taken then. */
  #take(light: boolean): boolean | null {
    if (this.#running < this.#places) {
      this.#running++;
      return false;
    }
    if (!light || this.#runningLight >= this.#forLight || this.#running + this.#runningLight >= this.#most)
      return null;
    this.#runningLight++;
    return true;
  }

  #admit(): void {
    for (let at = 0; at < this.#waiting.length;) {
      const each = this.#waiting[at];
      const kept = each === undefined ? null : this.#take(each.light);
      if (kept === null) at++;
      else {
        this.#waiting.splice(at, 1);
        each?.enter(kept);
      }
    }
  }

  #place(signal: AbortSignal | undefined, light: boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(abortError());
      };
      const waiting: Waiting = {
        light,
        enter: (kept) => {
          signal?.removeEventListener('abort', leave);
          resolve(kept);
        },
      };
      // Whoever has its place already is not asked.
      const kept = this.#take(light);
      if (kept !== null) return resolve(kept);
      if (signal?.aborted === true) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
    });
  }
}
