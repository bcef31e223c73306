import { z } from 'zod';

const location = z
  .string()
  .min(1)
  .max(10_000)
  .describe(
    'an absolute path or URL, as Iceberg metadata has them, e.g. file:///data/lake or s3://bucket/lake',
  );

/** Adopts a table that another engine keeps, where it lies; it is read only here. */
export const registerTableRequest = z
  .object({
    table: z.string().min(1).describe('dotted name that it gets, e.g. bronze.flights'),
    metadataLocation: location.describe("the table's newest metadata.json"),
    map: z
      .array(z.object({ from: location, to: location }).strict())
      .max(100)
      .optional()
      .describe(
        'where a table lies now that was moved after it was written; the longest prefix that fits holds',
      ),
    replace: z
      .boolean()
      .optional()
      .describe('register a newer version of the table that was registered by this name'),
    branch: z.string().min(1).optional().describe('the default branch where absent'),
    message: z.string().min(1).max(10_000).optional().describe('what was done, where absent'),
  })
  .strict();
export type RegisterTableRequest = z.infer<typeof registerTableRequest>;
