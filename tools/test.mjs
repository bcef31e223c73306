import { buildIfNeeded } from './build.mjs';
import { ensureChromium } from './chromium.mjs';
import { bin } from './run.mjs';

/** Every test: the unit, contract and integration suites, then the page in a real Chromium. */
const unit = await bin('vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);
const chromium = ensureChromium();
await buildIfNeeded();
const page = await bin('@playwright/test/cli.js', ['test'], { CHROMIUM_PATH: chromium });
process.exit(unit === 0 && page === 0 ? 0 : 1);
