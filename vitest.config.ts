import { defineConfig } from 'vitest/config';

/** A second try in CI is named in the report and counted in CI's last lines; at the desk, what fails once has failed. */
const retry = process.env['CI'] === undefined ? 0 : 1;

const node = {
  retry,
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
    reporters: ['default', './tools/retried-tests.mjs'],
    // Two cores are what a CI machine has; more forks than cores only make DuckDB's threads fight.
    maxWorkers: 2,
    projects: [
      { test: { name: 'node', ...node } },
      {
        test: {
          name: 'web',
          environment: 'jsdom',
          retry,
          include: ['web/**/*.test.ts', 'web/**/*.test.tsx'],
          testTimeout: 30_000,
          // Opening a DuckDB-WASM takes seconds, and more on a busy machine.
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
