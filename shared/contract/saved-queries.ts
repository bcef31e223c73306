import { z } from 'zod';
import { instant } from './common.ts';

/** Names of folders joined by `/`; absent at the top. */
const folder = z
  .string()
  .max(200)
  .regex(/^[^/]+(\/[^/]+)*$/, 'expected names of folders joined by /');

const content = {
  kind: z
    .enum(['query', 'snippet'])
    .describe('a snippet is offered in editors as one types, and has places to fill: ${1:table}'),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(10_000).default(''),
  sql: z.string().min(1).max(1_000_000),
  folder: folder.optional(),
  tags: z.array(z.string().trim().min(1).max(60)).max(20).default([]),
};

export const savedQuery = z.object({
  id: z.string(),
  ...content,
  owner: z.string().describe('who saved it first'),
  /** Grows by one with every change; a change says which version it changes. */
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
});
export type SavedQuery = z.infer<typeof savedQuery>;

export const createSavedQuery = z.object(content).strict();
export type CreateSavedQuery = z.output<typeof createSavedQuery>;

/** `version` is the one that the edit started from; another one answers 409 VERSION_CONFLICT. */
export const updateSavedQuery = createSavedQuery.extend({ version: z.number().int() });
export const savedQueryList = z.object({ queries: z.array(savedQuery).describe('by name') });
export const savedQueryDeleted = z.object({ deleted: z.string() });
