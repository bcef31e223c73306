import { eq } from 'drizzle-orm';
import { withDatabaseErrors } from './database-error.ts';
import type { Database } from './open-database.ts';
import { settings } from './schema.ts';

/** Settings in the metadata database; the port is SettingStore of the services. */
export function createSettingRepository(db: Database) {
  return withDatabaseErrors({
    async get(name: string): Promise<string | null> {
      const [row] = await db.select().from(settings).where(eq(settings.name, name));
      return row?.value ?? null;
    },
    /** The value that stands from then on: this one, where there was none. */
    async keepFirst(name: string, value: string): Promise<string> {
      await db.insert(settings).values({ name, value }).onConflictDoNothing();
      const [row] = await db.select().from(settings).where(eq(settings.name, name));
      return row?.value ?? value;
    },
    async set(name: string, value: string): Promise<void> {
      await db
        .insert(settings)
        .values({ name, value })
        .onConflictDoUpdate({ target: settings.name, set: { value } });
    },
  });
}
