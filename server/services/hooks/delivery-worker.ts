import type { Logger } from 'pino';
import type { DueDelivery, HookStore } from './hook-store.ts';
import { sendWebhook } from './webhook.ts';

export interface DeliveryWorkerOptions {
  readonly store: HookStore;
  readonly logger: Logger;
  /** Milliseconds before the second attempt; doubled after each. */
  readonly firstWaitMs?: number;
}

/** With the waits doubling from 5 s, the last attempt is about 3 hours after the first. */
const ATTEMPTS = 12;
const FIRST_WAIT_MS = 5000;
const AT_ONCE = 8;
/** As long as a webhook may take at most, and some. */
const LEASE_MS = 120_000;
const LONGEST_SLEEP_MS = 60_000;
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Sends what waits for webhooks, again and again with growing pauses where one does not take it. */
export class DeliveryWorker {
  readonly #options: DeliveryWorkerOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(options: DeliveryWorkerOptions) {
    this.#options = options;
  }

  /** Sends what is due. Call it once at the start: what an earlier process left waits too. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { store, logger } = this.#options;
    let sleep = LONGEST_SLEEP_MS;
    try {
      for (;;) {
        const now = new Date();
        const due = await store.takeDue(now, new Date(now.getTime() + LEASE_MS), AT_ONCE);
        if (due.length === 0 || this.#stop.signal.aborted) break;
        await Promise.all(due.map(async (delivery) => this.#deliver(delivery)));
      }
      await store.forgetBefore(new Date(Date.now() - KEPT_MS));
      const next = await store.nextDue();
      if (next !== null) sleep = Math.min(sleep, Math.max(next.getTime() - Date.now(), 0));
    } catch (error) {
      logger.error({ err: error }, 'Webhooks could not be sent; they are tried again in a minute');
    }
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => this.wake(), sleep);
    this.#timer.unref();
  }

  async #deliver({ id, hook: hookId, event, body, attempts }: DueDelivery): Promise<void> {
    const { store, firstWaitMs = FIRST_WAIT_MS } = this.#options;
    const hook = await store.get(hookId);
    if (hook === null) return;
    const { delivered, status, problem } = await sendWebhook(hook, event, body, this.#stop.signal);
    const made = attempts + 1;
    const again = !delivered && made < ATTEMPTS;
    // Of random length, so that what failed together does not come back together.
    const wait = firstWaitMs * 2 ** attempts * (0.75 + Math.random() / 2);
    await store.settle(id, {
      state: delivered ? 'DELIVERED' : again ? 'WAITING' : 'FAILED',
      attempts: made,
      dueAt: again ? new Date(Date.now() + wait) : null,
      status,
      problem,
    });
  }
}
