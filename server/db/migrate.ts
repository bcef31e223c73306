import { createHash } from 'node:crypto';
import { max } from 'drizzle-orm';
import type { MigrationMeta } from 'drizzle-orm/migrator';
import { bigint, PgDialect, pgSchema, type PgSession } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import first from './migrations/0000_first.sql?raw';
import catalogHistory from './migrations/0001_catalog_history.sql?raw';
import mergeRequestsAndHooks from './migrations/0002_merge_requests_and_hooks.sql?raw';
import expiredContents from './migrations/0003_expired_contents.sql?raw';
import tableFieldIds from './migrations/0004_table_field_ids.sql?raw';
import notebookHistory from './migrations/0005_notebook_history.sql?raw';
import queryRuns from './migrations/0006_query_runs_and_saved_queries.sql?raw';
import namedVersions from './migrations/0007_named_versions.sql?raw';
import versionAuthors from './migrations/0008_authors_of_versions.sql?raw';
import journalText from './migrations/meta/_journal.json?raw';
import type { Database } from './open-database.ts';

/** Every file that drizzle-kit has made, by its name without ending. */
const TEXTS: Readonly<Record<string, string>> = {
  '0000_first': first,
  '0001_catalog_history': catalogHistory,
  '0002_merge_requests_and_hooks': mergeRequestsAndHooks,
  '0003_expired_contents': expiredContents,
  '0004_table_field_ids': tableFieldIds,
  '0005_notebook_history': notebookHistory,
  '0006_query_runs_and_saved_queries': queryRuns,
  '0007_named_versions': namedVersions,
  '0008_authors_of_versions': versionAuthors,
};

const journal = z.object({
  entries: z.array(z.object({ tag: z.string(), when: z.number(), breakpoints: z.boolean() })),
});

/** Drizzle's own record of what it has applied. */
const appliedMigrations = pgSchema('drizzle').table('__drizzle_migrations', {
  createdAt: bigint('created_at', { mode: 'number' }),
});

/**
 * Brings the schema up to date, in one transaction.
 *
 * @throws AppError UNSUPPORTED where a newer TimeStream has changed the schema
 */
export async function migrateSchema(db: Database): Promise<void> {
  const migrations = knownMigrations();
  // The session's type parameters are those of a schema, which migrating does not use.
  await new PgDialect().migrate(migrations, db._.session as unknown as PgSession, '');
  const [applied] = await db.select({ newest: max(appliedMigrations.createdAt) }).from(appliedMigrations);
  if ((applied?.newest ?? 0) <= Math.max(...migrations.map(({ folderMillis }) => folderMillis))) return;
  throw new AppError(
    'UNSUPPORTED',
    'A newer version of TimeStream has changed the metadata database, and this one does not know how. Start the newer version.',
  );
}

/** What drizzle's own `readMigrationFiles` gives, but from the program's text and not from files beside it. */
export function knownMigrations(): MigrationMeta[] {
  return journal.parse(JSON.parse(journalText)).entries.map(({ tag, when, breakpoints }) => {
    const text = TEXTS[tag];
    if (text === undefined) {
      throw new AppError(
        'INTERNAL',
        `The migration ${tag} is not part of the program: add it to migrate.ts.`,
      );
    }
    return {
      sql: text.split('--> statement-breakpoint'),
      bps: breakpoints,
      folderMillis: when,
      hash: createHash('sha256').update(text).digest('hex'),
    };
  });
}
