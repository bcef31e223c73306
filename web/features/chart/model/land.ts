import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import landUrl from 'world-atlas/land-110m.json?url';

const topology = z.object({
  transform: z.object({
    scale: z.tuple([z.number(), z.number()]),
    translate: z.tuple([z.number(), z.number()]),
  }),
  arcs: z.array(z.array(z.tuple([z.number(), z.number()]))),
  objects: z.object({
    land: z.object({
      geometries: z.array(z.object({ arcs: z.array(z.array(z.array(z.number().int()))) })),
    }),
  }),
});

/** Closed lines of [longitude, latitude] in degrees. */
export type Outline = readonly (readonly (readonly [number, number])[])[];

let loading: Promise<Outline> | null = null;

/** The outline of the land at 1:110 million (Natural Earth, public domain), from this server. @throws UNAVAILABLE */
export function landOutline(): Promise<Outline> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<Outline> {
  const response = await fetch(landUrl);
  if (!response.ok) throw new AppError('UNAVAILABLE', 'The outline of the land could not be loaded.');
  return outlineOf(await response.json());
}

/** Reads a TopoJSON topology: arcs are differences on a grid; a negative index is an arc backwards. */
export function outlineOf(json: unknown): Outline {
  const { transform, arcs, objects } = topology.parse(json);
  const [[scaleX, scaleY], [originX, originY]] = [transform.scale, transform.translate];
  const lines = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]): readonly [number, number] => {
      x += dx;
      y += dy;
      return [x * scaleX + originX, y * scaleY + originY];
    });
  });
  const ring = (indices: readonly number[]) =>
    indices.flatMap((index, at) => {
      const line = index < 0 ? (lines[~index] ?? []).toReversed() : (lines[index] ?? []);
      // Arcs share the point at which they meet.
      return at === 0 ? line : line.slice(1);
    });
  return objects.land.geometries.flatMap((geometry) => geometry.arcs.flatMap((polygon) => polygon.map(ring)));
}
