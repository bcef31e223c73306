import { z } from 'zod';
import { isAppError } from '#shared/errors/app-error.ts';
import { browserRecords, type KeptRecords } from './kept-records.ts';

const PREFIX = 'answer/';
/** Answers that are kept; those asked for longest ago go first. */
const MOST_ANSWERS = 200;
/** Answers that came between two looks at how many are kept. */
const LOOK_EVERY = 50;

const kept = z.object({ name: z.string(), at: z.number(), value: z.unknown() });

interface Last<T> {
  readonly value: T;
  /** Milliseconds since 1970 when it was put there. */
  readonly at: number;
}

/** The last answers of the server, which stand in for it while it is away. */
export class KeptAnswers {
  readonly #records: KeptRecords;
  #puts = 0;

  constructor(records: KeptRecords) {
    this.#records = records;
  }

  /**
   * What the server says; its last word where it can't be reached.
   *
   * @throws what `ask` throws, where it is another failure or nothing is kept
   */
  async read<T>(name: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
    return this.orLast(name, schema, async () => {
      const answer = await ask();
      void this.keep(name, schema, () => answer);
      return answer;
    });
  }

  /** As `read`, of what is kept by others: the answer itself is not. */
  async orLast<T>(name: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const found = isOffline(error) ? await this.#records.get(PREFIX + name).catch(() => null) : null;
      const last = lastOf(found, schema);
      if (last === null) throw error;
      return last.value;
    }
  }

  /**
   * Keeps what becomes of the last answer (null where none is kept); null leaves it as it is. Resolves once that is on
   * disk. Where it can't be, nothing is kept any more rather than what is out of date.
   */
  async keep<T>(name: string, schema: z.ZodType<T>, next: (last: Last<T> | null) => T | null): Promise<void> {
    try {
      await this.#records.change(PREFIX + name, (before) => {
        const value = next(lastOf(before, schema));
        return value === null ? null : { name, at: Date.now(), value };
      });
      this.#puts += 1;
      if (this.#puts % LOOK_EVERY === 1) await this.#trim();
    } catch {
      await this.forget(name);
    }
  }

  async forget(name: string): Promise<void> {
    // A browser that forbids storage keeps nothing in the first place.
    await this.#records.remove([PREFIX + name]).catch(() => undefined);
  }

  async #trim(): Promise<void> {
    const all = (await this.#records.all(PREFIX)).flatMap((each) => kept.safeParse(each).data ?? []);
    const old = all.toSorted((a, b) => b.at - a.at).slice(MOST_ANSWERS);
    if (old.length > 0) await this.#records.remove(old.map(({ name }) => PREFIX + name));
  }
}

/** One that another version of the page kept may be of another shape: it counts as none. */
function lastOf<T>(record: unknown, schema: z.ZodType<T>): Last<T> | null {
  const found = kept.safeParse(record).data;
  const value = schema.safeParse(found?.value);
  return value.success && found !== undefined ? { value: value.data, at: found.at } : null;
}

/** True where no server answered: one that answers names its request. */
export function isOffline(error: unknown): boolean {
  return isAppError(error, 'UNAVAILABLE') && error.context['requestId'] === undefined;
}

/** Those of this browser. */
export const keptAnswers = new KeptAnswers(browserRecords());

/** See KeptAnswers.read. @param name of what is asked, the same for the same answer */
export function keptAnswer<T>(name: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
  return keptAnswers.read(name, schema, ask);
}
