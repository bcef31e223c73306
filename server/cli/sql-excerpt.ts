import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';

/** Of a longer line what is about the place is shown. */
const LETTERS_AROUND = 60;

/**
 * An error of SQL with the line that it is about, and a mark below the place.
 *
 * @param start where in the script the SQL begins that the error's place is in, in UTF-16 units
 */
export function withExcerpt(error: unknown, script: string, start: number): unknown {
  if (!(error instanceof AppError)) return error;
  const { position } = error.context;
  if (typeof position !== 'number') return error;
  const at = Math.min(start + position, script.length);
  const before = script.slice(script.lastIndexOf('\n', at - 1) + 1, at).slice(-LETTERS_AROUND);
  const behind = (script.slice(at).split('\n', 1)[0] ?? '').slice(0, LETTERS_AROUND);
  const number = `  ${lineColumn(script, at).line} | `;
  // A tab is as wide in the line of the mark as in the one above.
  const gap = `${number}${before}`.replaceAll(/[^\t]/g, ' ');
  return new AppError(error.code, `${error.message}\n${number}${before}${behind.trimEnd()}\n${gap}^`, {
    context: error.context,
    cause: error,
  });
}
