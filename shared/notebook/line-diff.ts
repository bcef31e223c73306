/** A stretch of two texts: lines that both have, or that one has where the other has others. */
export interface LineChunk {
  readonly same: boolean;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Beyond so many cells of its table a diff would take longer than anybody waits; then all between the ends differs. */
const MOST_CELLS = 4_000_000;

/** The shortest way from one text to the other by lines (longest common subsequence). */
export function lineDiff(before: string, after: string): LineChunk[] {
  return diffLines(before.split('\n'), after.split('\n'));
}

export function diffLines(a: readonly string[], b: readonly string[]): LineChunk[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const chunks: LineChunk[] = [];
  const push = (same: boolean, before: readonly string[], after: readonly string[]) => {
    if (before.length === 0 && after.length === 0) return;
    const last = chunks.at(-1);
    if (last?.same !== same) chunks.push({ same, before, after });
    else
      chunks[chunks.length - 1] = {
        same,
        before: [...last.before, ...before],
        after: [...last.after, ...after],
      };
  };
  push(true, a.slice(0, head), b.slice(0, head));
  for (const { same, before, after } of middle(
    a.slice(head, a.length - tail),
    b.slice(head, b.length - tail),
  ))
    push(same, before, after);
  push(true, a.slice(a.length - tail), b.slice(b.length - tail));
  return chunks;
}

function middle(a: readonly string[], b: readonly string[]): LineChunk[] {
  if (a.length * b.length > MOST_CELLS || a.length === 0 || b.length === 0)
    return [{ same: false, before: a, after: b }];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const chunks: LineChunk[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      chunks.push({ same: true, before: a.slice(i, i + 1), after: b.slice(j, j + 1) });
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      chunks.push({ same: false, before: a.slice(i, i + 1), after: [] });
      i += 1;
    } else {
      chunks.push({ same: false, before: [], after: b.slice(j, j + 1) });
      j += 1;
    }
  }
  return chunks;
}

/** A text that two have changed, with both changes; null where they touch the same or neighbouring lines. */
export function mergeText(base: string, mine: string, theirs: string): string | null {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const lines = base.split('\n');
  const ours = edits(lineDiff(base, mine));
  const others = edits(lineDiff(base, theirs));
  for (const edit of ours)
    for (const other of others) if (edit.start <= other.end && other.start <= edit.end) return null;
  const merged = [...lines];
  for (const { start, end, lines: text } of [...ours, ...others].sort((x, y) => y.start - x.start))
    merged.splice(start, end - start, ...text);
  return merged.join('\n');
}

function edits(chunks: readonly LineChunk[]): { start: number; end: number; lines: readonly string[] }[] {
  let at = 0;
  return chunks.flatMap(({ same, before, after }) => {
    const start = at;
    at += before.length;
    return same ? [] : [{ start, end: at, lines: after }];
  });
}
