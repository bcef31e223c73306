import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { HookEvent } from '#shared/contract/hooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { HookStore, StoredHook } from './hook-store.ts';
import { sendWebhook } from './webhook.ts';

/** What happens, or has happened, to one branch or tag. */
export interface HookFacts {
  /** The branch or tag. */
  readonly ref: string;
  /** commit, merge, squash, cherry-pick, revert, rebase; create, delete, rename, assign, protect, restore. */
  readonly action: string;
  readonly author: string;
  readonly message?: string | undefined;
  /** Facts of the action, as JSON can hold them: changed keys, hashes. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface HookNotice extends HookFacts {
  readonly id: string;
  readonly event: HookEvent;
  readonly time: string;
}

/** In this process. One that listens to a pre-event vetoes by throwing an AppError, whose message is the reason. */
export type HookListener = (notice: HookNotice) => void | Promise<void>;
export type HookSubject = 'commit' | 'merge' | 'branch' | 'tag';

export interface HookBusOptions {
  readonly store: HookStore;
  readonly logger: Logger;
  /** Told that a delivery waits. */
  readonly wake: () => void;
}

/** How long a list of webhooks is good for: another process on the same database may have changed it. */
const LIST_MS = 2000;

/** Asks hooks before something happens, and tells them after. */
export class HookBus {
  readonly #listeners = new Map<HookEvent, Set<HookListener>>();
  readonly #options: HookBusOptions;
  #hooks: { readonly list: Promise<readonly StoredHook[]>; readonly until: number } | null = null;

  constructor(options: HookBusOptions) {
    this.#options = options;
  }

  /** @returns what ends it */
  on(event: HookEvent, listener: HookListener): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** After webhooks were changed. */
  forgetList(): void {
    this.#hooks = null;
  }

  /** @throws FORBIDDEN with who vetoed and why; what a listener throws */
  async before(subject: HookSubject, facts: HookFacts): Promise<void> {
    const event = `pre-${subject}` as const;
    const notice = noticeOf(event, facts);
    for (const listener of this.#listeners.get(event) ?? []) await listener(notice);
    const hooks = await this.#webhooks(event, namesOf(facts));
    // One after the other would cost the sum of their times.
    const vetoes = await Promise.all(hooks.map(async (hook) => this.#ask(hook, notice)));
    const veto = vetoes.find((found) => found !== null);
    if (veto !== undefined && veto !== null) throw veto;
  }

  /** Never fails: what was done is done. */
  async after(subject: HookSubject, facts: HookFacts): Promise<void> {
    const event = `post-${subject}` as const;
    const notice = noticeOf(event, facts);
    try {
      for (const listener of this.#listeners.get(event) ?? []) await listener(notice);
    } catch (error) {
      this.#options.logger.error({ err: error, event }, 'A hook in this process failed');
    }
    try {
      const hooks = await this.#webhooks(event, namesOf(facts));
      const body = stringifyJson(notice);
      for (const hook of hooks) {
        await this.#options.store.addDelivery({
          hook: hook.id,
          event,
          body,
          state: 'WAITING',
          attempts: 0,
          dueAt: new Date(),
          status: null,
          problem: null,
        });
      }
      if (hooks.length > 0) this.#options.wake();
    } catch (error) {
      this.#options.logger.error({ err: error, event }, 'Webhooks could not be told of an event');
    }
  }

  /** Null where it may happen. */
  async #ask(hook: StoredHook, notice: HookNotice): Promise<AppError | null> {
    const body = stringifyJson(notice);
    const { delivered, status, problem, veto } = await sendWebhook(hook, notice.event, body);
    await this.#options.store.addDelivery({
      hook: hook.id,
      event: notice.event,
      body,
      state: veto !== null ? 'VETOED' : delivered ? 'DELIVERED' : 'FAILED',
      attempts: 1,
      dueAt: null,
      status,
      problem: veto ?? problem,
    });
    const context = { hook: hook.name, event: notice.event, ref: notice.ref };
    if (veto !== null)
      return new AppError('FORBIDDEN', `The hook "${hook.name}" refused it: ${veto}`, { context });
    if (delivered || hook.onFailure === 'ALLOW') return null;
    return new AppError(
      'FORBIDDEN',
      `The hook "${hook.name}" has to agree first, and could not be asked. ${problem ?? ''} Mend it, or switch it off.`,
      { context },
    );
  }

  async #webhooks(event: HookEvent, refs: readonly string[]): Promise<readonly StoredHook[]> {
    const known = this.#hooks;
    const list = known !== null && known.until > Date.now() ? known.list : this.#options.store.list();
    if (list !== known?.list) {
      this.#hooks = { list, until: Date.now() + LIST_MS };
      // A list that can't be had is asked for again next time.
      list.catch(() => this.forgetList());
    }
    return (await list).filter(
      (hook) =>
        hook.active && hook.events.includes(event) && refs.some((ref) => matches(hook.refPattern, ref)),
    );
  }
}

/** A hook for what a ref is to be called has a say too. */
function namesOf({ ref, action, detail: { to } }: HookFacts): readonly string[] {
  return action === 'rename' && typeof to === 'string' ? [ref, to] : [ref];
}

function noticeOf(event: HookEvent, facts: HookFacts): HookNotice {
  return { id: randomUUID(), event, time: new Date().toISOString(), ...facts };
}

function matches(pattern: string | null, ref: string): boolean {
  if (pattern === null) return true;
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return ref === first;
  if (!ref.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = ref.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return ref.length - last.length >= at && ref.endsWith(last);
}
