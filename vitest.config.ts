import { defineConfig } from 'vitest/config';

const node = {
  environment: 'node' as const,
  include: [
    'shared/**/*.test.ts',
    'server/**/*.test.ts',
    'server/**/*.int.test.ts',
    'tools/**/*.test.mjs',
    'e2e/parity/*.test.ts',
  ],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // Two cores are what a CI machine has; more forks than cores only make DuckDB's threads fight.
    maxWorkers: 2,
    projects: [
      { test: { name: 'node', ...node } },
      {
        test: {
          name: 'web',
          environment: 'jsdom',
          include: ['web/**/*.test.ts', 'web/**/*.test.tsx'],
          testTimeout: 30_000,
          // Opening a DuckDB-WASM takes seconds, and more on a busy machine.
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
