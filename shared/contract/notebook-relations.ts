import { z } from 'zod';
import { refExpression } from './common.ts';
import { cellName } from './notebooks.ts';

/** UTF-16 offsets in the SQL, end exclusive. */
const span = { start: z.number().int(), end: z.number().int() };

/** What one SQL text names, found by DuckDB's parser: tables of one part may be cells, `$x` may be inputs. */
export const sqlOutline = z.object({
  /** `write` changes a table; of it, only the query that gives its rows names cells. `broken` does not parse, and names none. Of several statements, what the last is. */
  kind: z.enum(['query', 'write', 'broken']),
  relations: z.array(z.object({ name: z.string(), ...span, aliased: z.boolean() })),
  parameters: z.array(z.object({ name: z.string(), ...span })),
});
export type SqlOutline = z.infer<typeof sqlOutline>;

export const outlineRequest = z.object({ statements: z.array(z.string().max(1_048_576)).max(500) });
export const outlineResult = z.object({ outlines: z.array(sqlOutline) });

/** A value for `$name`. Its text becomes a constant of this type, and never anything else. */
export const sqlParameter = z.object({
  name: z.string().max(80),
  type: z.enum(['text', 'number', 'date', 'texts']),
  /** Of `texts` a JSON array of them. */
  value: z.string().nullable(),
});
export type SqlParameter = z.infer<typeof sqlParameter>;

export const composeCell = z.object({
  id: z.string(),
  name: cellName.optional(),
  sql: z.string().max(1_048_576),
  ref: refExpression.optional().describe("its own place in history; the notebook's where absent"),
});
export type ComposeCell = z.infer<typeof composeCell>;

export const composeRequest = z.object({
  cells: z.array(composeCell).max(500),
  parameters: z.array(sqlParameter).max(500).default([]),
  target: z.string().describe('id of the cell to run'),
  ref: refExpression.describe("the notebook's place in history"),
});
export type ComposeRequest = z.input<typeof composeRequest>;

/** A stretch of the composed SQL that is text of a cell's own, from `from` on. In order of `start`. */
export const composedPiece = z.object({ ...span, cell: z.string(), from: z.number().int() });
export type ComposedPiece = z.infer<typeof composedPiece>;

export const composedSql = z.object({
  /** One statement that reads tables alone. Other cells are its common table expressions. */
  sql: z.string(),
  /** Where tables without an AT clause are read. */
  ref: refExpression,
  pieces: z.array(composedPiece),
  /** Ids of the cells that it reads, those that are read first, first. */
  reads: z.array(z.string()),
});
export type ComposedSql = z.infer<typeof composedSql>;
