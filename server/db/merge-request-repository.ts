import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import type { MergeRequestInfo, MergeRequestQuery, Verdict } from '#shared/contract/merge-requests.ts';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { mergeRequests, mergeRequestVerdicts } from './schema.ts';

type Row = typeof mergeRequests.$inferSelect;
type Stored = Omit<Verdict, 'current'> & { readonly kind: 'APPROVAL' | 'CHECK' };

/** Merge requests in the metadata database; the port is MergeRequestStore of their service. */
export function createMergeRequestRepository(db: Database) {
  return withDatabaseErrors({
    async insert(
      request: Pick<
        MergeRequestInfo,
        | 'title'
        | 'description'
        | 'source'
        | 'target'
        | 'status'
        | 'author'
        | 'requiredChecks'
        | 'requiredApprovals'
      >,
    ): Promise<MergeRequestInfo> {
      const now = new Date();
      const [row] = await db
        .insert(mergeRequests)
        .values({ ...request, version: 1, createdAt: now, updatedAt: now })
        .returning();
      return toInfo(row as Row);
    },
    async get(id: number): Promise<MergeRequestInfo | null> {
      const [row] = await db.select().from(mergeRequests).where(eq(mergeRequests.id, id));
      return row === undefined ? null : toInfo(row);
    },
    async list({ status, target, before, limit }: MergeRequestQuery): Promise<readonly MergeRequestInfo[]> {
      const conditions = [
        status === undefined ? undefined : eq(mergeRequests.status, status),
        target === undefined ? undefined : eq(mergeRequests.target, target),
        before === undefined ? undefined : lt(mergeRequests.id, before),
      ];
      const rows = await db
        .select()
        .from(mergeRequests)
        .where(and(...conditions))
        .orderBy(desc(mergeRequests.id))
        .limit(limit);
      return rows.map(toInfo);
    },
    async update(
      id: number,
      version: number,
      change: Partial<Omit<MergeRequestInfo, 'id' | 'version' | 'createdAt' | 'updatedAt'>>,
    ): Promise<MergeRequestInfo | null> {
      const [row] = await db
        .update(mergeRequests)
        .set({ ...change, version: sql`${mergeRequests.version} + 1`, updatedAt: new Date() })
        .where(and(eq(mergeRequests.id, id), eq(mergeRequests.version, version)))
        .returning();
      return row === undefined ? null : toInfo(row);
    },
    async verdicts(id: number): Promise<readonly Stored[]> {
      const rows = await db
        .select()
        .from(mergeRequestVerdicts)
        .where(eq(mergeRequestVerdicts.request, id))
        .orderBy(asc(mergeRequestVerdicts.kind), asc(mergeRequestVerdicts.name));
      return rows.map(({ kind, name, sourceHash, state, summary, time }) => ({
        kind,
        name,
        sourceHash,
        state,
        summary,
        time: time.toISOString(),
      }));
    },
    async putVerdict(id: number, verdict: Stored): Promise<void> {
      const values = { ...verdict, time: new Date(verdict.time) };
      const { request, kind, name } = mergeRequestVerdicts;
      await db
        .insert(mergeRequestVerdicts)
        .values({ request: id, ...values })
        .onConflictDoUpdate({ target: [request, kind, name], set: values });
    },
  });
}

function toInfo(row: Row): MergeRequestInfo {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}
