import {
  bigint,
  bigserial,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
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
  /** What is refused on it, joined by commas. */
  protection: text('protection').notNull().default(''),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});

/**
 * Commits by where they lie in history: what the objects say too, in a form that can be searched. A line is a run of
 * first parents that were committed to one branch; it is named after its first commit, whose parent lies on another.
 */
export const catalogCommits = pgTable(
  'catalog_commits',
  {
    hash: text('hash').primaryKey(),
    /** The first parent; null for the root. */
    parent: text('parent'),
    line: text('line').notNull(),
    branch: text('branch').notNull(),
    /** Milliseconds since 1970-01-01 UTC, later than the parent's. */
    time: bigint('time', { mode: 'number' }).notNull(),
    author: text('author').notNull(),
    message: text('message').notNull(),
  },
  (table) => [uniqueIndex('catalog_commits_line').on(table.line, table.time)],
);

/** Which commits changed what lies at or under a path; paths are hashes, since names may be of any length. */
export const catalogChanges = pgTable(
  'catalog_changes',
  {
    path: text('path').notNull(),
    line: text('line').notNull(),
    time: bigint('time', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.path, table.line, table.time] })],
);

/** Every move of every ref, written with the move. */
export const catalogReflog = pgTable(
  'catalog_reflog',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    /** The same for all that moved at once. */
    move: text('move').notNull(),
    ref: text('ref').notNull(),
    type: text('type', { enum: ['BRANCH', 'TAG'] }).notNull(),
    before: text('before'),
    after: text('after'),
    operation: text('operation').notNull(),
    author: text('author').notNull(),
    message: text('message').notNull(),
    time: timestamp('time', { withTimezone: true }).notNull(),
  },
  (table) => [
    index('catalog_reflog_ref').on(table.ref, table.id),
    index('catalog_reflog_move').on(table.move),
  ],
);

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
