import { z } from 'zod';
import { tabEngine } from './plan.ts';

const tabExtension = z.object({
  name: z.string(),
  platform: z.string().describe('the build of DuckDB-WASM that it is for'),
  url: z.string().describe('on this origin'),
});
export type OfferedExtension = z.infer<typeof tabExtension>;

export const systemInfo = z.object({
  version: z.string(),
  duckdb: z.string().describe('DuckDB version of the server engine; the browser runs the same'),
  defaultBranch: z.string(),
  warehouse: z.string(),
  extensions: z
    .array(tabExtension)
    .describe("what a tab's engine loads when it starts; it checks who signed it"),
  limits: z.object({
    browserBytes: z.number().int().describe('the most compressed bytes a plan may need to run in the tab'),
    jsonRows: z.number().int(),
    clusterBytes: z
      .number()
      .int()
      .optional()
      .describe('from how many compressed bytes on queries run on the cluster; absent where none is set up'),
    tabEngine: tabEngine.describe(
      'on: tabs run what they hold, and load what queries read; asked: they load it where a person chose the tab; off: queries that read data of tables run on the server',
    ),
  }),
});
export type SystemInfo = z.infer<typeof systemInfo>;
