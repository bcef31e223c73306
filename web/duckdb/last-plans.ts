import { z } from 'zod';
import { plan as planSchema, type LocalRelation, type Plan } from '#shared/contract/plan.ts';
import { formatDay } from '#web/lib/format/instants.ts';
import type { KeptRecords } from '#web/lib/kept-records.ts';
import type { RunRequest } from './types.ts';

const PREFIX = 'plan/';
const MOST_PLANS = 200;
/** Of one plan with its query, as JSON: one of very many files is remembered for this visit alone. */
const MOST_CHARACTERS = 256 * 1024;
/** Plans that came between two looks at how many are kept. */
const LOOK_EVERY = 50;

const kept = z.object({ key: z.string(), at: z.number(), plan: planSchema });

interface LastPlan {
  readonly plan: Plan;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * How queries were planned last: where the server is away, they can run so again, over what this browser holds of their
 * files. Records outlive the page; a browser that keeps none has the plans of this visit.
 */
export class LastPlans {
  readonly #plans = new Map<string, LastPlan>();
  readonly #records: KeptRecords | null;
  /** One after the other, so that nothing is kept again that was forgotten meanwhile. */
  #work: Promise<unknown> = Promise.resolve();
  #puts = 0;

  constructor(records: KeptRecords | null = null) {
    this.#records = records;
  }

  remember(request: RunRequest, locals: readonly LocalRelation[], plan: Plan): void {
    const key = keyOf(request, locals);
    const at = Date.now();
    this.#plans.delete(key);
    this.#plans.set(key, { plan, at });
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > MOST_PLANS && oldest !== undefined) this.#plans.delete(oldest);
    if (isUsable(plan)) void this.#then((records) => this.#keep(records, key, { plan, at }));
  }

  /** Forgets those of this page alone: another one dropped what was kept. */
  forget(): void {
    this.#plans.clear();
  }

  async clear(): Promise<void> {
    this.forget();
    await this.#then(async (records) => {
      const all = await records.all(PREFIX);
      await records.remove(all.flatMap((each) => nameOf(each) ?? []));
    });
  }

  /** Null where the query was not planned, or can't run in the tab. */
  async recall(request: RunRequest, locals: readonly LocalRelation[]): Promise<Plan | null> {
    const key = keyOf(request, locals);
    const found = this.#plans.get(key) ?? (await this.#then((records) => recordOf(records, key))) ?? null;
    if (found === null || !isUsable(found.plan)) return null;
    const { plan } = found;
    const reason = `It runs as it was planned ${timeOf(new Date(found.at))}: the server is away.`;
    return { ...plan, engine: { ...plan.engine, choice: 'browser', reason } };
  }

  /** What a browser can't keep only lacks while the server is away. */
  async #then<T>(work: (records: KeptRecords) => Promise<T>): Promise<T | null> {
    const records = this.#records;
    if (records === null) return null;
    const done = this.#work.then(async () => work(records)).catch(() => null);
    this.#work = done;
    return done;
  }

  async #keep(records: KeptRecords, key: string, last: LastPlan): Promise<void> {
    const record = { key, ...last } satisfies z.input<typeof kept>;
    if (JSON.stringify(record).length > MOST_CHARACTERS) return;
    await records.put(PREFIX + key, record);
    this.#puts += 1;
    if (this.#puts % LOOK_EVERY !== 1) return;
    const all = (await records.all(PREFIX)).flatMap((each) => kept.safeParse(each).data ?? []);
    const old = all.toSorted((a, b) => b.at - a.at).slice(MOST_PLANS);
    if (old.length > 0) await records.remove(old.map((each) => PREFIX + each.key));
  }
}

async function recordOf(records: KeptRecords, key: string): Promise<LastPlan | null> {
  // One that another version of the page kept may be of another shape.
  return kept.safeParse(await records.get(PREFIX + key)).data ?? null;
}

function nameOf(record: unknown): string | null {
  const { data } = z.object({ key: z.string() }).safeParse(record);
  return data === undefined ? null : PREFIX + data.key;
}

function isUsable({ engine, explanation }: Plan): boolean {
  return engine.browserCapable && explanation === undefined;
}

/** With the files of the tab that the query may name: others, which come and go, say nothing of its plan. */
function keyOf({ sql, ref }: RunRequest, locals: readonly LocalRelation[]): string {
  const text = sql.toLowerCase();
  const named = locals.filter(({ name }) => text.includes(name.toLowerCase()));
  return JSON.stringify([sql, ref, named.map(({ name, columns }) => [name, columns])]);
}

function timeOf(at: Date): string {
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? `at ${time}` : `on ${formatDay(at.toISOString())} at ${time}`;
}
