import type { SQL } from 'drizzle-orm';
import type { Database } from '#server/db/open-database.ts';

/** Rows of a statement that drizzle has no words for. Both drivers give them under `rows`. */
export async function queryRows<Row>(db: Pick<Database, 'execute'>, statement: SQL): Promise<readonly Row[]> {
  const result: unknown = await db.execute(statement);
  return (result as { rows: readonly Row[] }).rows;
}
