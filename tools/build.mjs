import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { root } from './run.mjs';

const STAMP = join(root, 'dist', 'stamp');
const SOURCES = ['server', 'shared', 'web', 'public', 'package-lock.json', 'vite.config.ts'];

/** Builds page and server into dist/, unless what is there was made from the same sources. */
export async function buildIfNeeded(say = console.log) {
  const stamp = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return false;
  say('Building TimeStream (once; about a minute)…');
  rmSync(STAMP, { force: true });
  const configFile = join(root, 'vite.config.ts');
  // Whoever asks may have another: Vite itself sets it for what it runs, and React then is the one that checks all it does.
  process.env.NODE_ENV = 'production';
  await build({ configFile, logLevel: 'warn' });
  await compressAssets(join(root, 'dist', 'web'));
  await build({ configFile, logLevel: 'warn', build: { ssr: true } });
  writeFileSync(STAMP, stamp);
  return true;
}

/** A hash over names, sizes and contents of all that goes into the build. */
function fingerprint() {
  const hash = createHash('sha256').update(`production, Node ${process.version.split('.')[0]}`);
  const add = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else if (!/\.(test|contract)\.tsx?$/.test(path))
      hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const source of SOURCES) add(join(root, source));
  return hash.digest('hex');
}

/** Lays .br and .gz beside each text or wasm asset, so that serving them costs nothing. */
async function compressAssets(directory) {
  const files = readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => /\.(js|css|html|wasm|svg|json)$/.test(path) && statSync(path).size > 1024);
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  for (const path of files) {
    const bytes = await readFile(path);
    // Quality 9 is a tenth of the time of 11 for a few per cent more bytes; the wasm files are 35 MB each. What every page
    // waits for, and is little, is worth that time.
    const first = html.includes(path.slice(directory.length).replaceAll('\\', '/'));
    const quality = first ? 11 : bytes.length > 4_000_000 ? 6 : 9;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params }),
      promisify(gzip)(bytes, { level: 6 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = await buildIfNeeded();
  if (!built) console.log('dist/ is up to date.');
}
