import { bin } from './run.mjs';

/** Everything that can be said of the code without running it. */
/** @type {readonly (readonly [string, () => Promise<number>])[]} */
const steps = [
  ['format', () => bin('oxfmt/bin/oxfmt', ['--check', '.'])],
  ['lint', () => bin('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings'])],
  ['types', () => bin('typescript/bin/tsc', ['-b'])],
  [
    'layers',
    () =>
      bin('dependency-cruiser/bin/dependency-cruise.mjs', [
        'shared',
        'server',
        'web',
        'e2e',
        'bench',
        '--output-type',
        'err',
      ]),
  ],
  ['dead code', () => bin('knip/bin/knip.js', ['--no-progress'])],
];

const failed = [];
for (const [name, step] of steps) {
  const started = Date.now();
  const code = await step();
  console.log(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`verify failed: ${failed.join(', ')}`);
  process.exit(1);
}
