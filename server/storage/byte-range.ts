import { AppError } from '#shared/errors/app-error.ts';
import type { ByteRange } from './file-io.ts';

/**
 * The bytes of an object of `size` bytes that a range asks for, as [start, end). What reaches past the end is
 * cut off.
 *
 * @throws AppError INVALID_INPUT where the numbers are no range.
 */
export function resolveRange(size: number, range: ByteRange | undefined, location: string): [number, number] {
  if (range === undefined) return [0, size];
  if ('suffix' in range) {
    if (!isOffset(range.suffix)) throw notARange(location, `suffix ${range.suffix}`);
    return [Math.max(0, size - range.suffix), size];
  }
  const { start, end } = range;
  if (!isOffset(start) || !isOffset(end) || end < start) throw notARange(location, `[${start}, ${end})`);
  return [Math.min(start, size), Math.min(end, size)];
}

function isOffset(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function notARange(location: string, text: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `${text} is no byte range of ${location}: give whole numbers from 0 up, the start not after the end.`,
    { context: { location } },
  );
}
