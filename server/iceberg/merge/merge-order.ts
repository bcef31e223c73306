import { isSame } from './clash.ts';

/**
 * The order of what two lists have together. Where only one side moved what both have, its order holds; what only the
 * other has comes after what it follows there.
 *
 * @returns undefined where both sides moved things, differently
 */
export function mergeOrder(
  base: readonly number[],
  ours: readonly number[],
  theirs: readonly number[],
): readonly number[] | undefined {
  const [mine, other] = [new Set(ours), new Set(theirs)];
  const inBoth = (id: number) => mine.has(id) && other.has(id);
  const [ourOrder, theirOrder] = [ours.filter(inBoth), theirs.filter(inBoth)];
  const known = new Set(base);
  const before = base.filter(inBoth);
  const oursMoved = !isSame(
    ourOrder.filter((id) => known.has(id)),
    before,
  );
  const theirsMoved = !isSame(
    theirOrder.filter((id) => known.has(id)),
    before,
  );
  if (oursMoved && theirsMoved && !isSame(ourOrder, theirOrder)) return undefined;
  return theirsMoved && !oursMoved ? insert(theirs, ours, mine) : insert(ours, theirs, other);
}

/** @param inExtra the members of `extra` */
function insert(
  main: readonly number[],
  extra: readonly number[],
  inExtra: ReadonlySet<number>,
): readonly number[] {
  const order = [...main];
  const inMain = new Set(main);
  let after = -1;
  for (const id of extra) {
    const at = order.indexOf(id);
    if (inMain.has(id)) {
      after = at;
      continue;
    }
    let place = after + 1;
    // What both have added at one place: the main list's first.
    while (place < order.length && inMain.has(order[place] ?? -1) && !inExtra.has(order[place] ?? -1))
      place += 1;
    order.splice(place, 0, id);
    after = place;
  }
  return order;
}
