import {
  bigint,
  bigserial,
  boolean,
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
import type { NotebookRun, NotebookSchedule } from '#shared/contract/notebook-history.ts';
import type { Cell, NotebookContent } from '#shared/contract/notebooks.ts';
import type { RecordedRun } from '#shared/contract/query-runs.ts';

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

/** Contents that retention let go, by the hash of their canonical text: what they name need not be there any more. */
export const catalogExpired = pgTable('catalog_expired', {
  content: text('content').primaryKey(),
  time: timestamp('time', { withTimezone: true }).notNull().defaultNow(),
});

/** Ids that columns of a table have got on any branch, above those that it began with; what a column is, hashed. */
export const tableFieldIds = pgTable(
  'table_field_ids',
  {
    tableUuid: text('table_uuid').notNull(),
    id: integer('id').notNull(),
    definition: text('definition').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tableUuid, table.id] })],
);

export const notebooks = pgTable('notebooks', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  cells: jsonb('cells').$type<Cell[]>().notNull(),
  version: integer('version').notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  folder: text('folder'),
  mode: text('mode', { enum: ['auto', 'manual'] }),
  schedule: jsonb('schedule').$type<NotebookSchedule>(),
  nextRunAt: timestamp('next_run_at', { withTimezone: true }),
  /** Who saved it last; null of what was saved before that was written down. */
  updatedBy: text('updated_by'),
});

const ofNotebook = () =>
  text('notebook')
    .notNull()
    .references(() => notebooks.id, { onDelete: 'cascade' });

/** States of notebooks that are kept; saves within a few minutes of each other are one. */
export const notebookRevisions = pgTable(
  'notebook_revisions',
  {
    notebook: ofNotebook(),
    version: integer('version').notNull(),
    content: jsonb('content').$type<NotebookContent>().notNull(),
    /** When the first of the saves was that this state came to be by. */
    beganAt: timestamp('began_at', { withTimezone: true }).notNull(),
    savedAt: timestamp('saved_at', { withTimezone: true }).notNull(),
    note: text('note'),
    /** Given by a person: such a state is kept for good. */
    name: text('name'),
    /** Who saved it; null of what was saved before that was written down. */
    author: text('author'),
  },
  (table) => [primaryKey({ columns: [table.notebook, table.version] })],
);

/** Runs of whole notebooks with the first rows of their answers. */
export const notebookRuns = pgTable(
  'notebook_runs',
  {
    id: text('id').primaryKey(),
    notebook: ofNotebook(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
    run: jsonb('run').$type<NotebookRun>().notNull(),
  },
  (table) => [index('notebook_runs_notebook').on(table.notebook, table.startedAt)],
);

/** Small facts about the lakehouse that outlive a restart. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

/** Proposals to merge one branch into another. */
export const mergeRequests = pgTable(
  'merge_requests',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    /** Where the changes come from, and the branch that they are to land on. */
    source: text('source').notNull(),
    target: text('target').notNull(),
    /** MERGING: whoever set it is about to merge; nobody else may. */
    status: text('status', { enum: ['OPEN', 'MERGING', 'MERGED', 'CLOSED'] }).notNull(),
    author: text('author').notNull(),
    /** Names of checks that must have passed, in order. */
    requiredChecks: jsonb('required_checks').$type<string[]>().notNull(),
    requiredApprovals: integer('required_approvals').notNull(),
    /** Head of the source when it was closed or merged. */
    sourceHash: text('source_hash'),
    /** Head of the target before and after the merge. */
    targetBefore: text('target_before'),
    mergedHash: text('merged_hash'),
    /** Of every change, so that nobody overwrites what they have not seen. */
    version: integer('version').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  },
  (table) => [index('merge_requests_status').on(table.status, table.id)],
);

/** What was said of a merge request at one head of its source: approvals and results of checks, the last of each name. */
export const mergeRequestVerdicts = pgTable(
  'merge_request_verdicts',
  {
    request: bigint('request', { mode: 'number' })
      .notNull()
      .references(() => mergeRequests.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['APPROVAL', 'CHECK'] }).notNull(),
    /** Who approves, or the check's name. */
    name: text('name').notNull(),
    /** Head of the source that it is about. */
    sourceHash: text('source_hash').notNull(),
    state: text('state', { enum: ['PENDING', 'PASSED', 'FAILED'] }).notNull(),
    summary: text('summary').notNull(),
    time: timestamp('time', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.request, table.kind, table.name] })],
);

/** Webhooks: who is asked before, and told after, what happens in the catalog. */
export const hooks = pgTable('hooks', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  events: jsonb('events').$type<string[]>().notNull(),
  /** Only of branches and tags whose names this matches; null: all. `*` stands for any letters. */
  refPattern: text('ref_pattern'),
  secret: text('secret').notNull(),
  active: boolean('active').notNull(),
  timeoutMs: integer('timeout_ms').notNull(),
  /** What becomes of an operation when the hook that was to be asked before it can't be. */
  onFailure: text('on_failure', { enum: ['REFUSE', 'ALLOW'] }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
});

/** What was sent to webhooks, and is still to be sent. */
export const hookDeliveries = pgTable(
  'hook_deliveries',
  {
    id: bigserial('id', { mode: 'bigint' }).primaryKey(),
    hook: text('hook')
      .notNull()
      .references(() => hooks.id, { onDelete: 'cascade' }),
    event: text('event').notNull(),
    body: text('body').notNull(),
    state: text('state', { enum: ['WAITING', 'DELIVERED', 'FAILED', 'VETOED'] }).notNull(),
    attempts: integer('attempts').notNull(),
    /** When it is to be tried next; null where it is done. */
    dueAt: timestamp('due_at', { withTimezone: true }),
    /** Of the last answer; null where there was none. */
    status: integer('status'),
    problem: text('problem'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    index('hook_deliveries_hook').on(table.hook, table.id),
    index('hook_deliveries_due').on(table.state, table.dueAt),
  ],
);

/** What people ran in cells, newest kept. */
export const queryRuns = pgTable(
  'query_runs',
  {
    id: text('id').primaryKey(),
    at: timestamp('at', { withTimezone: true }).notNull(),
    author: text('author').notNull(),
    sql: text('sql').notNull(),
    state: text('state', { enum: ['done', 'failed', 'cancelled'] }).notNull(),
    engine: text('engine', { enum: ['browser', 'server', 'cluster'] }),
    /** No reference: what was run in a notebook that is gone was run all the same. */
    notebook: text('notebook'),
    error: text('error'),
    /** What is shown, and not asked for. */
    facts: jsonb('facts').$type<RunFacts>().notNull(),
  },
  (table) => [index('query_runs_at').on(table.at, table.id)],
);

export type RunFacts = Pick<
  RecordedRun,
  'sent' | 'ref' | 'commit' | 'snapshots' | 'elapsedMs' | 'rows' | 'bytes' | 'cell'
>;

/** SQL that is kept under a name: queries, and the snippets that editors offer. */
export const savedQueries = pgTable('saved_queries', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: ['query', 'snippet'] }).notNull(),
  name: text('name').notNull(),
  description: text('description').notNull(),
  sql: text('sql').notNull(),
  folder: text('folder'),
  tags: jsonb('tags').$type<string[]>().notNull(),
  owner: text('owner').notNull(),
  version: integer('version').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
});
