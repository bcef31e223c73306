import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { expect, it } from 'vitest';
import { knownMigrations } from './migrate.ts';

it('has every migration that drizzle-kit made', () => {
  const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
  expect(knownMigrations()).toEqual(readMigrationFiles({ migrationsFolder }));
});
