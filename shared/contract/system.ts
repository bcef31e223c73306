import { z } from 'zod';

export const systemInfo = z.object({
  version: z.string(),
  duckdb: z.string().describe('DuckDB version of the server engine; the browser runs the same'),
  defaultBranch: z.string(),
  warehouse: z.string(),
  limits: z.object({
    browserBytes: z.number().int().describe('the most compressed bytes a plan may need to run in the tab'),
    jsonRows: z.number().int(),
  }),
});
export type SystemInfo = z.infer<typeof systemInfo>;
