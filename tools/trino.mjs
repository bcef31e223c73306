import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPinned } from './fetch-pinned.mjs';
import { ensureJava } from './java.mjs';
import { root } from './run.mjs';

const VERSION = '476';
const SERVER = `trino-server-${VERSION}`;
const ARCHIVE = `https://repo1.maven.org/maven2/io/trino/trino-server/${VERSION}/${SERVER}.tar.gz`;
const SHA256 = 'cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f';
const CACHE = join(root, '.cache', 'trino');

/**
 * Trino with its connector for Iceberg alone, and a Java for it, pinned, fetched once.
 * @returns {Promise<{java: string, home: string} | string>} why it is not to be had, where it is not
 */
export async function ensureTrino() {
  try {
    const home = join(CACHE, VERSION);
    if (!existsSync(home)) await install(home);
    return { java: ensureJava(), home };
  } catch (error) {
    return `Trino is not to be had here: ${error.message}`;
  }
}

async function install(home) {
  console.error('Fetching Trino into .cache/trino (once: 820 MB)…');
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const archive = join(CACHE, 'server.tar.gz');
  await fetchPinned(ARCHIVE, SHA256, archive);
  // Whole, since files of one connector are links to those of others.
  execFileSync('tar', ['-xzf', archive, '-C', CACHE]);
  const [whole, part] = [join(CACHE, SERVER), join(CACHE, 'part')];
  mkdirSync(join(part, 'plugin'), { recursive: true });
  for (const folder of ['lib', 'plugin/iceberg']) renameSync(join(whole, folder), join(part, folder));
  for (const rest of [archive, whole]) rmSync(rest, { recursive: true });
  renameSync(part, home);
}
