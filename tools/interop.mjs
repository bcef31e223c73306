import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runnerImport } from 'vite';
import { runExtensions } from './interop-extensions.mjs';
import { ensurePython } from './interop-python.mjs';
import { runS3 } from './interop-s3.mjs';
import { root } from './run.mjs';
import { ensureTrino } from './trino.mjs';

const { keep } = parseArguments(process.argv.slice(2));
const work = keep === null ? mkdtempSync(join(tmpdir(), 'timestream-interop-')) : keep;
let passed = 0;
let failed = 0;
try {
  const python = ensurePython();
  mkdirSync(work, { recursive: true });
  const { module } = await runnerImport(join(root, 'e2e', 'interop', 'interop.ts'), {
    root,
    configFile: false,
    logLevel: 'warn',
  });
  const trino = await ensureTrino();
  if (typeof trino === 'string') console.log(`${trino}. Its part is left out.`);
  ({ passed, failed } = await module.default(python, work, typeof trino === 'string' ? null : trino));
  const extensions = await runExtensions(python);
  passed += extensions.passed;
  failed += extensions.failed;
} catch (error) {
  failed += 1;
  console.error(`FAILED to set up: ${error.message}`);
  console.error(
    'It needs Python 3.11 or later with venv (set PYTHON to choose one), Java 17 or later, and package indexes that pip and Java can reach.',
  );
} finally {
  if (keep === null) rmSync(work, { recursive: true, force: true });
}
const s3 = await runS3();
passed += s3.passed;
failed += s3.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** `--keep FOLDER` leaves the tables and answers of all engines there, to look into. */
function parseArguments(words) {
  if (words.length === 0) return { keep: null };
  const [option, folder] = words;
  if (option === '--keep' && folder !== undefined && words.length === 2) {
    if (existsSync(folder)) throw new Error(`${folder} is there already; name a new folder.`);
    return { keep: resolve(folder) };
  }
  console.error('Usage: npm run test:interop [-- --keep NEW_FOLDER]');
  process.exit(2);
}
