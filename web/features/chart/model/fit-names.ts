import { fitText, type TextWidth } from '#web/lib/text-width.ts';

/**
 * Names cut to what fits in so many pixels. Where they would be the same then, as names with one beginning are, the
 * middle is left out instead of the end.
 */
export function fitNames(names: readonly string[], pixels: number, width: TextWidth): readonly string[] {
  const cut = names.map((name) => fitText(name, pixels, width));
  if (new Set(cut).size === new Set(names).size) return cut;
  return names.map((name, at) => (cut[at] === name ? name : withoutMiddle(name, pixels, width)));
}

function withoutMiddle(name: string, pixels: number, width: TextWidth): string {
  for (let kept = name.length - 2; kept > 2; kept -= 1) {
    const start = Math.floor(kept / 3);
    const text = `${name.slice(0, start).trimEnd()}…${name.slice(name.length - kept + start).trimStart()}`;
    if (width(text) <= pixels) return text;
  }
  return fitText(name, pixels, width);
}
