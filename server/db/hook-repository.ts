import { and, asc, desc, eq, inArray, lt, lte, ne } from 'drizzle-orm';
import { hookEvent, type HookDelivery, type HookEvent, type HookInfo } from '#shared/contract/hooks.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { hookDeliveries, hooks } from './schema.ts';

type StoredHook = HookInfo & { readonly secret: string };
type DeliveryRow = typeof hookDeliveries.$inferSelect;
type Outcome = Pick<DeliveryRow, 'state' | 'attempts' | 'dueAt' | 'status' | 'problem'>;

/** Webhooks in the metadata database; the port is HookStore of the hooks service. */
export function createHookRepository(db: Database) {
  return withDatabaseErrors({
    async list(): Promise<readonly StoredHook[]> {
      return (await db.select().from(hooks).orderBy(asc(hooks.createdAt), asc(hooks.id))).map(toHook);
    },
    async get(id: string): Promise<StoredHook | null> {
      const [row] = await db.select().from(hooks).where(eq(hooks.id, id));
      return row === undefined ? null : toHook(row);
    },
    async insert(hook: StoredHook): Promise<void> {
      await db.insert(hooks).values({ ...hook, createdAt: new Date(hook.createdAt) });
    },
    async update(
      id: string,
      change: Partial<Omit<StoredHook, 'id' | 'createdAt'>>,
    ): Promise<StoredHook | null> {
      if (Object.keys(change).length > 0) await db.update(hooks).set(change).where(eq(hooks.id, id));
      const [row] = await db.select().from(hooks).where(eq(hooks.id, id));
      return row === undefined ? null : toHook(row);
    },
    async delete(id: string): Promise<boolean> {
      return (await db.delete(hooks).where(eq(hooks.id, id)).returning({ id: hooks.id })).length === 1;
    },
    async addDelivery(delivery: { hook: string; event: HookEvent; body: string } & Outcome): Promise<void> {
      const now = new Date();
      await db.insert(hookDeliveries).values({ ...delivery, createdAt: now, updatedAt: now });
    },
    async deliveries(
      hook: string,
      { before, limit }: { before?: string; limit: number },
    ): Promise<readonly HookDelivery[]> {
      const older = before === undefined ? undefined : lt(hookDeliveries.id, BigInt(before));
      const rows = await db
        .select()
        .from(hookDeliveries)
        .where(and(eq(hookDeliveries.hook, hook), older))
        .orderBy(desc(hookDeliveries.id))
        .limit(limit);
      return rows.map(toDelivery);
    },
    async takeDue(now: Date, leaseUntil: Date, limit: number) {
      const due = and(eq(hookDeliveries.state, 'WAITING'), lte(hookDeliveries.dueAt, now));
      const taken = await db.transaction(async (tx) => {
        const chosen = await tx
          .select({ id: hookDeliveries.id })
          .from(hookDeliveries)
          .where(due)
          .orderBy(asc(hookDeliveries.id))
          .limit(limit)
          .for('update', { skipLocked: true });
        const ids = chosen.map(({ id }) => id);
        if (ids.length === 0) return [];
        return tx
          .update(hookDeliveries)
          .set({ dueAt: leaseUntil })
          .where(inArray(hookDeliveries.id, ids))
          .returning();
      });
      return taken.map(({ id, hook, event, body, attempts }) => ({
        id: String(id),
        hook,
        event: hookEvent.parse(event),
        body,
        attempts,
      }));
    },
    async settle(id: string, outcome: Outcome): Promise<void> {
      const change = { ...outcome, updatedAt: new Date() };
      await db
        .update(hookDeliveries)
        .set(change)
        .where(eq(hookDeliveries.id, BigInt(id)));
    },
    async nextDue(): Promise<Date | null> {
      const [row] = await db
        .select({ dueAt: hookDeliveries.dueAt })
        .from(hookDeliveries)
        .where(eq(hookDeliveries.state, 'WAITING'))
        .orderBy(asc(hookDeliveries.dueAt))
        .limit(1);
      return row?.dueAt ?? null;
    },
    async forgetBefore(time: Date): Promise<void> {
      await db
        .delete(hookDeliveries)
        .where(and(ne(hookDeliveries.state, 'WAITING'), lt(hookDeliveries.updatedAt, time)));
    },
  });
}

function toHook(row: typeof hooks.$inferSelect): StoredHook {
  return { ...row, events: hookEvent.array().parse(row.events), createdAt: row.createdAt.toISOString() };
}

function toDelivery(row: DeliveryRow): HookDelivery {
  const { id, event, state, attempts, dueAt, status, problem, createdAt, updatedAt, body } = row;
  return {
    id: String(id),
    event: hookEvent.parse(event),
    state,
    attempts,
    dueAt: dueAt?.toISOString() ?? null,
    status,
    problem,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    body,
  };
}
