// @vitest-environment node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { outlineOf } from './land.ts';

it('reads the outline of the land: closed lines within the world, Paris inside of one and the Pacific in none', () => {
  const path = createRequire(import.meta.url).resolve('world-atlas/land-110m.json');
  const outline = outlineOf(JSON.parse(readFileSync(path, 'utf8')));
  expect(outline.length).toBeGreaterThan(100);
  for (const ring of outline) {
    expect(ring.at(-1)).toEqual(ring[0]);
    for (const [x, y] of ring) expect(Math.abs(x) <= 180.001 && Math.abs(y) <= 90.001).toBe(true);
  }
  const inside = (x: number, y: number) =>
    outline.filter((ring) =>
      ring.reduce((odd, [ax, ay], at) => {
        const [bx, by] = ring[(at + 1) % ring.length] ?? [0, 0];
        return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !odd : odd;
      }, false),
    ).length;
  expect(inside(2.35, 48.85) % 2).toBe(1);
  expect(inside(-140, 0) % 2).toBe(0);
});
