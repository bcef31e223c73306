import type { PositionSet } from '../../iceberg/deletes/position-set.ts';

/** About what a set or a container takes beside its numbers. */
const OVERHEAD_BYTES = 200;

/** About how much memory positions take. */
export function positionsBytes({ containers }: PositionSet): number {
  let bytes = OVERHEAD_BYTES;
  for (const [, container] of containers) {
    const numbers =
      container.kind === 'array'
        ? container.values
        : container.kind === 'run'
          ? container.pairs
          : container.words;
    bytes += OVERHEAD_BYTES + numbers.byteLength;
  }
  return bytes;
}
