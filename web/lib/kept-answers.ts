import { z } from 'zod';
import { isAppError } from '#shared/errors/app-error.ts';
import { browserRecords, type KeptRecords } from './kept-records.ts';

const PREFIX = 'answer/';
/** Answers that are kept; those asked for longest ago go first. */
const MOST_ANSWERS = 200;
/** Answers that came between two looks at how many are kept. */
const LOOK_EVERY = 50;

const kept = z.object({ name: z.string(), at: z.number(), value: z.unknown() });

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
    let answer: T;
    try {
      answer = await ask();
    } catch (error) {
      const last = isOffline(error) ? await this.#last(name, schema) : null;
      if (last === null) throw error;
      return last.value;
    }
    // A browser that keeps nothing only lacks this while the server is away.
    this.#keep(name, answer).catch(() => undefined);
    return answer;
  }

  async #last<T>(name: string, schema: z.ZodType<T>): Promise<{ readonly value: T } | null> {
    const found = kept.safeParse(await this.#records.get(PREFIX + name).catch(() => null));
    const value = schema.safeParse(found.data?.value);
    // One that another version of the page kept may be of another shape.
    return value.success ? { value: value.data } : null;
  }

  async #keep(name: string, value: unknown): Promise<void> {
    await this.#records.put(PREFIX + name, { name, at: Date.now(), value });
    this.#puts += 1;
    if (this.#puts % LOOK_EVERY === 1) await this.#trim();
  }

  async #trim(): Promise<void> {
    const all = (await this.#records.all(PREFIX)).flatMap((each) => kept.safeParse(each).data ?? []);
    const old = all.toSorted((a, b) => b.at - a.at).slice(MOST_ANSWERS);
    if (old.length > 0) await this.#records.remove(old.map(({ name }) => PREFIX + name));
  }
}

/** True where no server answered: one that answers names its request. */
export function isOffline(error: unknown): boolean {
  return isAppError(error, 'UNAVAILABLE') && error.context['requestId'] === undefined;
}

const answers = new KeptAnswers(browserRecords());

/** See KeptAnswers.read. @param name of what is asked, the same for the same answer */
export function keptAnswer<T>(name: string, schema: z.ZodType<T>, ask: () => Promise<T>): Promise<T> {
  return answers.read(name, schema, ask);
}
