import { readFileSync } from 'node:fs';

/**
 * Adds up what the runners said (Vitest, Playwright, the interop suite) into one closing line, and fails where
 * a test or a step failed. A step that failed without naming a failed test counts as one. What passed in a second try
 * (in CI) is passed, and said in a line of its own: it is to be looked at.
 */
const [log, failedSteps] = process.argv.slice(2);
// eslint-disable-next-line no-control-regex -- colour codes are control characters
const text = readFileSync(log, 'utf8').replaceAll(/\u001B\[[0-9;]*m/g, '');
let passed = 0;
let failed = 0;
let flaky = 0;
/** Vitest counts these as passed already. */
const retried = text.match(/^needed a second try: /gm)?.length ?? 0;
for (const line of text.split('\n')) {
  const vitest = /^\s*Tests\s+(.*)\(\d+\)\s*$/.exec(line);
  const counted = vitest?.[1] ?? (/^\s*\d+ (passed|failed|flaky)\b/.test(line) ? line : '');
  for (const [, count, what] of counted.matchAll(/(\d+) (passed|failed|flaky)/g)) {
    if (what === 'passed') passed += Number(count);
    else if (what === 'failed') failed += Number(count);
    else flaky += Number(count);
  }
}
const steps = Number(failedSteps);
if (steps > 0 && failed === 0) failed = steps;
if (flaky + retried > 0) console.log(`${flaky + retried} of the passed needed a second try`);
console.log(`${passed + flaky} passed, ${failed} failed`);
process.exit(failed > 0 || steps > 0 || passed === 0 ? 1 : 0);
