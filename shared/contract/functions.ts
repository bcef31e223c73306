import { z } from 'zod';

export const functionSignature = z.object({
  parameters: z.array(z.object({ name: z.string(), type: z.string().nullable() })),
  /** Type of any further arguments; absent where there are none. */
  varargs: z.string().optional(),
  /** DuckDB type; null where it depends on the arguments. */
  returns: z.string().nullable(),
});

export const sqlFunction = z.object({
  name: z.string(),
  kind: z.enum(['scalar', 'aggregate', 'window', 'macro', 'table']),
  signatures: z.array(functionSignature),
  description: z.string().optional(),
  examples: z.array(z.string()),
});
export type SqlFunction = z.infer<typeof sqlFunction>;

export const functionList = z.object({
  /** DuckDB's version, whose functions these are. */
  version: z.string(),
  functions: z.array(sqlFunction),
});
