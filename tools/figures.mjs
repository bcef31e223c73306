import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotFigures } from './figures-plot.mjs';
import { root } from './run.mjs';

const FOLDER = join(root, 'docs', 'benchmarks');

/**
 * One run of a benchmark, as kept: ratios of ours to a peer's in the same run, which machines differ less in than times;
 * of what has no peer, the value with its unit.
 * @typedef {{ commit: string, date: string, machine: string, scale: number,
 *   ratios: Record<string, { ratio: number, aim: number | null, unit?: string }> }} Figures
 */

/**
 * Keeps a run's ratios in docs/benchmarks/NAME.json, a line for each commit, machine and scale, and draws NAME.svg. A
 * second run at the same commit takes the place of what it measured anew.
 * @param {string} bench
 * @param {{ machine: string, scale: number, cases: readonly { name: string, ours: number, unit: string, ratio: number | null, aim: string | null }[] }} run
 */
export function recordFigures(bench, { machine, scale, cases }) {
  const file = join(FOLDER, `${bench}.json`);
  /** @type {Figures[]} */
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const entries = withRun(known, {
    commit: currentCommit(),
    date: new Date().toISOString().slice(0, 10),
    machine,
    scale,
    ratios: Object.fromEntries(
      cases.map(({ name, ours, unit, ratio, aim }) => {
        const most = aim === null ? null : Number.parseFloat(aim.replace('<= ', ''));
        return [name, ratio === null ? { ratio: ours, aim: most, unit } : { ratio, aim: most }];
      }),
    ),
  });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  writeFileSync(join(FOLDER, `${bench}.svg`), plotFigures(bench, entries));
}

/**
 * @param {readonly Figures[]} known
 * @param {Figures} run
 * @returns {Figures[]}
 */
export function withRun(known, run) {
  const isSame = (/** @type {Figures} */ entry) =>
    entry.commit === run.commit && entry.machine === run.machine && entry.scale === run.scale;
  const before = known.find(isSame);
  const merged = { ...run, ratios: { ...before?.ratios, ...run.ratios } };
  return before === undefined
    ? [...known, merged]
    : known.map((entry) => (entry === before ? merged : entry));
}

/** With a + where what was measured is not what was committed. */
function currentCommit() {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'server', 'shared', 'web', 'package-lock.json');
  return `${git('rev-parse', '--short=7', 'HEAD')}${changed === '' ? '' : '+'}`;
}
