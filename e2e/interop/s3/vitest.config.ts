import { defineConfig } from 'vitest/config';

/** Run by tools/interop-s3.mjs, which says in the environment where the store and the built server are. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: 'node',
    include: ['*.test.ts'],
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
