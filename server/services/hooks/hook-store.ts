import type { HookDelivery, HookEvent, HookInfo } from '#shared/contract/hooks.ts';

export type StoredHook = HookInfo & { readonly secret: string };

export interface NewDelivery {
  readonly hook: string;
  readonly event: HookEvent;
  readonly body: string;
  readonly state: HookDelivery['state'];
  readonly attempts: number;
  readonly dueAt: Date | null;
  readonly status: number | null;
  readonly problem: string | null;
}

export type DueDelivery = Pick<NewDelivery, 'hook' | 'event' | 'body' | 'attempts'> & { readonly id: string };

/** Where webhooks and what was sent to them are kept. */
export interface HookStore {
  list(): Promise<readonly StoredHook[]>;
  get(id: string): Promise<StoredHook | null>;
  insert(hook: StoredHook): Promise<void>;
  /** Null where there is none. */
  update(id: string, change: Partial<Omit<StoredHook, 'id' | 'createdAt'>>): Promise<StoredHook | null>;
  /** With its deliveries. */
  delete(id: string): Promise<boolean>;

  addDelivery(delivery: NewDelivery): Promise<void>;
  /** Newest first, before one of them where given. */
  deliveries(hook: string, page: { before?: string; limit: number }): Promise<readonly HookDelivery[]>;
  /** Takes what is due until `leaseUntil`, so that no other process sends it meanwhile. */
  takeDue(now: Date, leaseUntil: Date, limit: number): Promise<readonly DueDelivery[]>;
  settle(id: string, outcome: Omit<NewDelivery, 'hook' | 'event' | 'body'>): Promise<void>;
  /** When the first is due; null where nothing waits. */
  nextDue(): Promise<Date | null>;
  /** Forgets what is done and older. */
  forgetBefore(time: Date): Promise<void>;
}
