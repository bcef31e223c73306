import { defineConfig } from '@playwright/test';
import { E2E_LAKEHOUSE, E2E_PORT, E2E_TOKEN, E2E_URL } from './e2e/fixtures/server.ts';
import { CHROMIUM_ARGS, findChromium } from './tools/chromium.mjs';

export default defineConfig({
  testDir: 'e2e/specs',
  outputDir: 'test-results',
  snapshotPathTemplate: 'e2e/baselines/{arg}{ext}',
  // One worker: each page runs a two-threaded engine, and a CI machine has two cores.
  workers: 1,
  fullyParallel: false,
  // A second try in CI is named in the report as flaky; at the desk, a test that fails once has failed.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: process.env['CI'] ? [['list']] : [['line']],
  globalSetup: './e2e/fixtures/global-setup.ts',
  use: {
    baseURL: E2E_URL,
    viewport: { width: 1280, height: 800 },
    // A test that is about being offline asks for it; the others see each request, as it goes to the server.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(findChromium() === null ? {} : { executablePath: findChromium() ?? '' }),
      args: CHROMIUM_ARGS,
    },
  },
  webServer: {
    command: `node --require ./tools/threads.cjs dist/server/timestream.js serve --port ${E2E_PORT} --lakehouse ${E2E_LAKEHOUSE}`,
    url: `${E2E_URL}/health`,
    env: { TIMESTREAM_TOKEN: E2E_TOKEN },
    timeout: 120_000,
    stdout: 'pipe',
  },
});
