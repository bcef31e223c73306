import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** Headless, on a machine without a graphics card, and asking nobody for updates. */
export const CHROMIUM_ARGS = [
  // Chromium's sandbox refuses to start for root, which is who containers run as.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SYSTEM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium for the tests: CHROMIUM_PATH, the one that Playwright keeps, one of the system; or one that is
 * installed now, by Playwright's download or, where that is impossible, by Debian's package.
 *
 * @returns {string | null} path of its program
 */
export function findChromium() {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH is set to ${given}, which does not exist.`);
  }
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  for (const name of SYSTEM) {
    const found = spawnSync('which', [name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : null;
}

/** @returns {string} path of a Chromium; throws one line that says what to do where none can be had */
export function ensureChromium() {
  const found = findChromium();
  if (found !== null) return found;
  console.log('No Chromium here: installing one for the tests…');
  const playwright = new URL('../node_modules/@playwright/test/cli.js', import.meta.url).pathname;
  const download = spawnSync(process.execPath, [playwright, 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
  });
  if (download.status !== 0) installDebianPackage();
  const installed = findChromium();
  if (installed === null) {
    throw new Error(
      'The tests need a Chromium: install one (for instance "npx playwright install chromium") or set CHROMIUM_PATH.',
    );
  }
  return installed;
}

function installDebianPackage() {
  if (process.getuid?.() !== 0 || spawnSync('which', ['apt-get']).status !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
      env,
    });
  } catch {
    // ensureChromium says what to do where nothing helped.
  }
}
