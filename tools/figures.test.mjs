import { expect, it } from 'vitest';
import { plotFigures } from './figures-plot.mjs';
import { withRun } from './figures.mjs';

/** @returns {import('./figures.mjs').Figures} */
const run = (commit, ratios, machine = 'a & b') => ({
  commit,
  date: '2026-01-02',
  machine,
  scale: 1,
  ratios,
});
const alone = (ratio) => ({ ratio, aim: null, unit: 'ms' });
const met = (ratio) => ({ ratio, aim: 1 });

it('a second run at a commit takes the place of what it measured, and of nothing else', () => {
  const known = [run('one', { x: met(2), y: met(3) }), run('two', { x: met(1) })];
  const again = withRun(known, run('one', { x: met(1.5) }));
  expect(again).toEqual([run('one', { x: met(1.5), y: met(3) }), known[1]]);
  expect(withRun(again, run('one', { x: met(9) }, 'other'))).toHaveLength(3);
});

it('a regression goes up in the figure, and other machines have lines of their own', () => {
  const svg = plotFigures('engine', [
    run('one', { x: met(1), untold: { ratio: 4, aim: null } }),
    run('two', { x: met(2) }),
    run('two', { x: met(1) }, 'slow <one>'),
  ]);
  const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(3);
  expect(heights[1]).toBeLessThan(heights[0]);
  expect(heights[2]).toBe(heights[0]);
  expect(svg).toContain('<title>two, 2026-01-02: 2</title>');
  expect(svg).toContain('slow &lt;one>, scale 1');
  expect(svg).toContain('a &amp; b, scale 1');
  // What has no aim is no promise.
  expect(svg).not.toContain('untold');
});

it('what has no peer is drawn in its unit, with an aim or without', () => {
  const svg = plotFigures('engine', [
    run('one', { visit: alone(900), stop: { ...alone(80), aim: 200 } }),
    run('two', { visit: alone(1800), stop: { ...alone(100), aim: 200 } }),
  ]);
  const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(4);
  expect(heights[1]).toBeLessThan(heights[0]);
  expect(svg).toContain('>visit, ms<');
  expect(svg).toContain('>1800<');
  expect(svg).not.toContain('NaN');
});
