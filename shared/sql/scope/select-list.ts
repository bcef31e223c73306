import { NO_ALIAS, NO_ALIAS_AFTER } from './clause-words.ts';
import type { Name, Output } from './scope-types.ts';
import { unquote, type TokenList } from './token-list.ts';

/** The entries of a SELECT list whose tokens are those from `from` up to `to`. */
export function readSelectList(list: TokenList, from: number, to: number): Output[] {
  let at = from;
  if (list.word(at) === 'all') at += 1;
  else if (list.word(at) === 'distinct') {
    at += 1;
    if (list.word(at) === 'on' && list.text(at + 1) === '(') at = list.closing(at + 1, to) + 1;
  }
  return itemsOf(list, at, to).map(([start, end]) => readItem(list, start, end));
}

/** Ranges of tokens between the commas that stand in no parenthesis. */
function itemsOf(list: TokenList, from: number, to: number): (readonly [number, number])[] {
  const items: (readonly [number, number])[] = [];
  let start = from;
  for (let at = from; at < to; at += 1) {
    if (list.isOpening(at)) at = list.closing(at, to);
    else if (list.text(at) === ',') {
      items.push([start, at]);
      start = at + 1;
    }
  }
  items.push([start, to]);
  return items.filter(([first, end]) => end > first);
}

function readItem(list: TokenList, from: number, to: number): Output {
  const star = readStar(list, from, to);
  if (star !== null) return star;
  const prefix = prefixAlias(list, from);
  const start = prefix === null ? from : from + 2;
  const alias = prefix ?? aliasAtEnd(list, start, to);
  const { path, next } = list.path(start);
  const rest = prefix === null && alias !== null ? endBeforeAlias(list, to) : to;
  return path.length > 0 && next === rest ? { kind: 'column', path, alias } : { kind: 'expression', alias };
}

function readStar(list: TokenList, from: number, to: number): Output | null {
  let at = from;
  let of: Name | null = null;
  while (list.isName(at) && list.text(at + 1) === '.') {
    of = list.name(at);
    at += 2;
  }
  if (list.text(at) !== '*' || at >= to) return null;
  const excluded: string[] = [];
  if (list.word(at + 1) === 'exclude') {
    const end = list.text(at + 2) === '(' ? list.closing(at + 2, to) : at + 3;
    for (let each = at + 2; each < Math.min(end, to); each += 1)
      if (list.isName(each)) excluded.push(unquote(list.text(each)));
  }
  return { kind: 'star', of, excluded };
}

/** The a of `a: expression`, which is not the a of `a::type`. */
function prefixAlias(list: TokenList, at: number): Name | null {
  const is = list.isName(at) && list.text(at + 1) === ':' && list.text(at + 2) !== ':';
  return is ? list.name(at) : null;
}

function aliasAtEnd(list: TokenList, from: number, to: number): Name | null {
  const last = to - 1;
  if (last <= from || !list.isName(last)) return null;
  if (list.word(last - 1) === 'as') return list.name(last);
  const before = list.tokens[last - 1];
  const ends = before?.kind !== 'symbol' || [')', ']', '}'].includes(list.text(last - 1));
  const refused = NO_ALIAS_AFTER.has(list.word(last - 1)) || NO_ALIAS.has(list.word(last));
  return ends && !refused ? list.name(last) : null;
}

function endBeforeAlias(list: TokenList, to: number): number {
  return list.word(to - 2) === 'as' ? to - 2 : to - 1;
}
