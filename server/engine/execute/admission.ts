import { abortError } from './abort.ts';
import type { EnginePlace } from './engine-place.ts';

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

/** What an engine has to do, now and since it started. */
export interface EngineLoad {
  readonly running: number;
  readonly waiting: number;
  /** Those that had to wait and got their place, and for how long all of them did. */
  readonly waits: number;
  readonly waitedMs: number;
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
  #waits = 0;
  #waitedMs = 0;

  constructor(options: number | AdmissionOptions) {
    const { places, forLight = 0, most } = typeof options === 'number' ? { places: options } : options;
    this.#places = places;
    this.#forLight = forLight;
    this.#most = most ?? places + forLight;
  }

  get load(): EngineLoad {
    return {
      running: this.#running + this.#runningLight,
      waiting: this.#waiting.length,
      waits: this.#waits,
      waitedMs: this.#waitedMs,
    };
  }

  /**
   * Resolves with what gives the place back.
   *
   * @param place hears that it waits, and that it has its place
   * @throws AbortError where the signal fires while it waits
   */
  async enter(signal?: AbortSignal, light = false, place?: EnginePlace): Promise<() => void> {
    const kept = await this.#place(signal, light, place);
    place?.enters();
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

  /** Where light ones have places of their own, heavy ones never get these. */
  #ahead(waiting: Waiting): number {
    const before = this.#waiting.slice(0, this.#waiting.indexOf(waiting));
    return waiting.light && this.#forLight > 0 ? before.filter(({ light }) => light).length : before.length;
  }

  #place(signal: AbortSignal | undefined, light: boolean, place: EnginePlace | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(abortError());
      };
      const since = performance.now();
      const waiting: Waiting = {
        light,
        enter: (kept) => {
          signal?.removeEventListener('abort', leave);
          this.#waits++;
          this.#waitedMs += performance.now() - since;
          resolve(kept);
        },
      };
      // Whoever has its place already is not asked.
      const kept = this.#take(light);
      if (kept !== null) return resolve(kept);
      if (signal?.aborted === true) return leave();
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      place?.waits(() => this.#ahead(waiting));
    });
  }
}
