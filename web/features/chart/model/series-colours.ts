const COLOURS = 8;

/** Colours of this page's charts by series name, in the order in which names turned up. */
const taken = new Map<string, number>();

/**
 * A colour for each series: a name that was drawn before keeps its colour, so that the same series is the same
 * colour in every chart of a notebook. Within one chart no two have the same, up to eight.
 */
export function seriesColours(names: readonly string[]): string[] {
  const used = new Set<number>();
  return names.map((name) => {
    let colour = taken.get(name) ?? taken.size % COLOURS;
    if (!taken.has(name)) taken.set(name, colour);
    for (let tries = 0; used.has(colour) && tries < COLOURS; tries++) colour = (colour + 1) % COLOURS;
    used.add(colour);
    return `var(--chart-${colour + 1})`;
  });
}
