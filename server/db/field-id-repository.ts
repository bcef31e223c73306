import { and, asc, eq, gt } from 'drizzle-orm';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { tableFieldIds } from './schema.ts';

interface FieldIdRow {
  readonly id: number;
  readonly definition: string;
}

/** Field ids of tables in the metadata database; the port is FieldIdStore of the tables' service. */
export function createFieldIdRepository(db: Database) {
  return withDatabaseErrors({
    async taken(tableUuid: string, above: number): Promise<readonly FieldIdRow[]> {
      return db
        .select({ id: tableFieldIds.id, definition: tableFieldIds.definition })
        .from(tableFieldIds)
        .where(and(eq(tableFieldIds.tableUuid, tableUuid), gt(tableFieldIds.id, above)))
        .orderBy(asc(tableFieldIds.id));
    },
    async take(tableUuid: string, ids: readonly FieldIdRow[]): Promise<number> {
      const inserted = await db
        .insert(tableFieldIds)
        .values(ids.map(({ id, definition }) => ({ tableUuid, id, definition })))
        .onConflictDoNothing()
        .returning({ id: tableFieldIds.id });
      return inserted.length;
    },
  });
}
