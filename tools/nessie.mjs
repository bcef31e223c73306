import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPinned } from './fetch-pinned.mjs';
import { ensureJava } from './java.mjs';
import { root } from './run.mjs';

const VERSION = '0.99.0';
const JAR = `https://repo1.maven.org/maven2/org/projectnessie/nessie/nessie-quarkus/${VERSION}/nessie-quarkus-${VERSION}-runner.jar`;
const SHA256 = 'ce9fa33e2878bf5ea3981876b9e6204cabc0362b3dd82326b10e47271a78c417';
const CACHE = join(root, '.cache', 'nessie');

/**
 * Nessie and a Java for it, pinned, fetched once.
 * @returns {Promise<{java: string, jar: string} | string>} why it is not to be had, where it is not
 */
export async function ensureNessie() {
  try {
    const jar = join(CACHE, `nessie-${VERSION}.jar`);
    mkdirSync(CACHE, { recursive: true });
    const java = ensureJava();
    if (!existsSync(jar)) {
      console.error('Fetching Nessie into .cache/nessie (once: 245 MB)…');
      await fetchPinned(JAR, SHA256, jar);
    }
    return { java, jar };
  } catch (error) {
    return `Nessie is not to be had here: ${error.message}`;
  }
}
