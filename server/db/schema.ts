import { customType, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Cell } from '#shared/contract/notebooks.ts';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/** The catalog's immutable objects: tree nodes and commits, under the SHA-256 of their bytes. */
export const catalogObjects = pgTable(
  'catalog_objects',
  {
    hash: text('hash').primaryKey(),
    kind: text('kind', { enum: ['node', 'commit'] }).notNull(),
    bytes: bytea('bytes').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  // text_pattern_ops serves LIKE 'prefix%' whatever the collation is.
  (table) => [index('catalog_objects_prefix').on(table.kind, table.hash.op('text_pattern_ops'))],
);

/** Branches and tags: the only rows of the catalog that change. */
export const catalogRefs = pgTable('catalog_refs', {
  name: text('name').primaryKey(),
  type: text('type', { enum: ['BRANCH', 'TAG'] }).notNull(),
  hash: text('hash').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});

export const notebooks = pgTable('notebooks', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  cells: jsonb('cells').$type<Cell[]>().notNull(),
  version: integer('version').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
});

/** Small facts about the lakehouse that outlive a restart. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
