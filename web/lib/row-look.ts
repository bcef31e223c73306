import { z } from 'zod';

/** Which of a table's rows that differ are looked at, and how, as the URL has it; what is absent is as usual. */
export const rowLook = z.object({
  /** The rows themselves are shown, not their counts alone. */
  shown: z.boolean().optional(),
  kind: z.enum(['added', 'removed', 'changed']).optional(),
  changedIn: z.string().min(1).max(1000).optional(),
  text: z.string().min(1).max(1000).optional(),
  changedAs: z.literal('two-lines').optional(),
  changedOnly: z.literal(true).optional(),
  /** Columns that say which row is which; none: whole rows. */
  keys: z.array(z.string().min(1).max(1000)).max(100).optional(),
});
export type RowLook = z.infer<typeof rowLook>;
