import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { errorMessage } from '#shared/errors/app-error.ts';
import { createServerEngine } from '#server/engine/execute/server-engine.ts';
import { ExtensionFolder } from '#server/engine/extensions/extension-folder.ts';
import { loadedExtensions } from '#server/engine/extensions/loaded-extensions.ts';
import { isSignedByDuckDb } from '#server/engine/extensions/signed-by-duckdb.ts';
import { engineIdentity } from '#server/engine/extensions/try-extensions.ts';
import { Report } from './report.ts';

const ANSWERS = [
  ["SELECT host('10.1.2.3/8'::INET) AS a", '10.1.2.3'],
  ["SELECT excel_text(1234.5, '#,##0.00') AS a", '1,234.50'],
  ["SELECT stem('running', 'english') AS a", 'run'],
] as const;
/** What the sandbox has to refuse as it does without extensions. */
const ESCAPES = [
  "SELECT * FROM read_xlsx('/etc/hosts.xlsx')",
  "SELECT * FROM read_csv('/etc/hosts')",
  'LOAD httpfs',
  'INSTALL httpfs',
  'SET enable_external_access = true',
  'SET allow_unsigned_extensions = true',
];

/**
 * Extensions as DuckDB signed and published them.
 *
 * @param files for the engine that this runs on, or for another
 * @param madeForThis whether they are for this one
 */
export default async function extensions(
  files: readonly string[],
  madeForThis: boolean,
): Promise<{ passed: number; failed: number }> {
  const report = new Report();
  const work = await mkdtemp(join(tmpdir(), 'timestream-extensions-'));
  try {
    const engine = await engineIdentity();
    const folder = new ExtensionFolder(join(work, 'kept'), engine);
    if (madeForThis)
      await report.case(`extensions of ${engine.version}`, () => loads(report, folder, files, work));
    else
      for (const file of files) {
        const said = await folder.add(file).then(() => 'added', errorMessage);
        const wanted = `this server's engine is DuckDB ${engine.version}`;
        report.check(`${basename(file)} of another DuckDB is refused`, said.includes(wanted), () => said);
      }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { passed: report.passed, failed: report.failed };
}

function changedBit(content: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(content);
  changed[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
  return changed;
}

async function loads(report: Report, folder: ExtensionFolder, files: readonly string[], work: string) {
  for (const file of files) {
    const content = await readFile(file);
    const [signed, changed] = await Promise.all([content, changedBit(content)].map(isSignedByDuckDb));
    report.check(`the signature of ${basename(file)} is one that tabs take`, signed === true);
    report.check(`the same, one bit changed: it is not`, changed === false);
    const altered = join(work, basename(file));
    await writeFile(altered, changedBit(content));
    const said = await folder.add(altered).then(() => 'added', errorMessage);
    report.check(
      `${basename(file)} with one bit changed is refused`,
      said.includes('not signed by DuckDB'),
      () => said,
    );
    // As DuckDB distributes it.
    const packed = join(work, `${basename(file)}.gz`);
    await writeFile(packed, gzipSync(await readFile(file)));
    await folder.add(packed);
  }
  const { paths, names } = await loadedExtensions(await folder.loadable(() => undefined), []);
  report.equal('all that were added are loaded', paths.length, files.length);
  for (const name of ['host', 'inet', 'excel_text', 'stem'])
    report.check(`${name} is known for the server's alone`, names.has(name));
  const engine = await createServerEngine({
    allowedDirectories: [],
    memoryLimit: '256MB',
    threads: 1,
    timeoutMs: 60_000,
    maxConcurrent: 1,
    extensions: paths,
  });
  try {
    for (const [sql, wanted] of ANSWERS) {
      const { rows } = await engine.json({ sql, scans: [], columns: [{ name: 'a', type: 'VARCHAR' }] });
      report.equal(sql, rows, [[wanted]]);
    }
    for (const sql of ESCAPES) {
      const said = await engine.json({ sql, scans: [], columns: [] }).then(() => 'done', errorMessage);
      report.check(`${sql} is refused`, /disabled|locked/.test(said), () => said);
    }
  } finally {
    engine.close();
  }
}
