import type { Cell } from '#shared/contract/notebooks.ts';
import { errorMessage } from '#shared/errors/app-error.ts';

export interface FindRequest {
  readonly text: string;
  readonly matchCase: boolean;
  /** Whether the text is a regular expression, as JavaScript has them. */
  readonly regex: boolean;
}

export interface Match {
  readonly cell: string;
  /** UTF-16 offsets in the text of the cell, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface Found {
  readonly matches: readonly Match[];
  /** What is wrong with the regular expression. */
  readonly problem: string | null;
}

/** No list of more is of use, and an expression such as "." has one for every letter. */
const MOST_MATCHES = 10_000;

/** Every place in the text of a notebook's cells that a request means, in order. */
export function findMatches(cells: readonly Cell[], request: FindRequest): Found {
  const pattern = patternOf(request);
  if (typeof pattern === 'string') return { matches: [], problem: pattern };
  if (pattern === null) return { matches: [], problem: null };
  const matches: Match[] = [];
  for (const cell of cells) {
    for (const found of textOf(cell).matchAll(pattern)) {
      // A place without a letter can't be shown, and not be replaced either.
      if (found[0] === '') continue;
      if (matches.length === MOST_MATCHES) return { matches, problem: null };
      matches.push({ cell: cell.id, start: found.index, end: found.index + found[0].length });
    }
  }
  return { matches, problem: null };
}

/** The cells with these matches replaced; $1 and its like stand for groups of a regular expression. */
export function replaceMatches(
  cells: readonly Cell[],
  matches: readonly Match[],
  request: FindRequest,
  replacement: string,
): readonly Cell[] {
  const pattern = patternOf({ ...request });
  if (pattern === null || typeof pattern === 'string') return cells;
  return cells.map((cell) => {
    const own = matches.filter((match) => match.cell === cell.id);
    if (own.length === 0 || (cell.kind !== 'sql' && cell.kind !== 'markdown')) return cell;
    const chosen = new Set(own.map(({ start }) => start));
    const source = cell.source.replaceAll(pattern, (found: string, ...rest: unknown[]) => {
      const offset = rest.find((each): each is number => typeof each === 'number') ?? -1;
      if (!chosen.has(offset)) return found;
      return request.regex ? expand(replacement, found, rest) : replacement;
    });
    return source === cell.source ? cell : { ...cell, source };
  });
}

/** The replacement with its groups filled in. */
function expand(replacement: string, found: string, rest: readonly unknown[]): string {
  const groups = rest.slice(
    0,
    rest.findIndex((each) => typeof each === 'number'),
  );
  return replacement.replaceAll(/\$(\$|&|\d{1,2})/g, (whole, which: string) => {
    if (which === '$') return '$';
    if (which === '&') return found;
    const group = groups[Number(which) - 1];
    return Number(which) > 0 && Number(which) <= groups.length ? textOfGroup(group) : whole;
  });
}

/** A group that took no part in a match is undefined. */
function textOfGroup(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

function textOf(cell: Cell): string {
  return cell.kind === 'sql' || cell.kind === 'markdown' ? cell.source : '';
}

/** A sentence where the expression is none; null where there is nothing to find. */
function patternOf({ text, matchCase, regex }: FindRequest): RegExp | string | null {
  if (text === '') return null;
  const source = regex ? text : text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  try {
    return new RegExp(source, matchCase ? 'gmu' : 'gimu');
  } catch (error) {
    return `This is no regular expression: ${errorMessage(error)}.`;
  }
}
