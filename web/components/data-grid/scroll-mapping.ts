/**
 * Browsers cap an element's height (Chromium and Safari near 33 M px, Firefox near 17 M px), and rows of a large
 * result reach far beyond. So the scroll container is at most MAX_PHYSICAL high ("physical" pixels), and its
 * position stands for a place in the content as it would be without the cap ("content" pixels).
 */
export const MAX_PHYSICAL = 15_000_000;

/** At both ends a physical pixel is a content pixel, so that the first and last rows can be reached exactly. */
const EDGE = 1_000_000;

/**
 * Wheel, touch and track clicks move less than this in a frame; one pixel of a scroll thumb moves more as soon as
 * the content is capped. What is less is taken 1:1, what is more is taken as a jump.
 */
const JUMP = 8000;

export interface ScrollMapping {
  readonly contentMax: number;
  readonly physicalHeight: number;
  readonly physicalMax: number;
  readonly scaled: boolean;
  toContent(physical: number): number;
  toPhysical(content: number): number;
}

/** @param contentHeight, viewportHeight in CSS pixels; maxPhysical is for tests */
export function createScrollMapping(
  contentHeight: number,
  viewportHeight: number,
  maxPhysical = MAX_PHYSICAL,
): ScrollMapping {
  const physicalHeight = Math.min(contentHeight, maxPhysical);
  const contentMax = Math.max(0, contentHeight - viewportHeight);
  const physicalMax = Math.max(0, physicalHeight - viewportHeight);
  const scaled = contentHeight > maxPhysical;
  const edge = scaled ? Math.min(EDGE, physicalMax / 4) : 0;
  const ratio = scaled ? (contentMax - 2 * edge) / (physicalMax - 2 * edge) : 1;

  const toContent = (physical: number) => {
    const p = clamp(physical, physicalMax);
    if (!scaled || p <= edge) return p;
    if (p >= physicalMax - edge) return contentMax - (physicalMax - p);
    return edge + (p - edge) * ratio;
  };
  const toPhysical = (content: number) => {
    const c = clamp(content, contentMax);
    if (!scaled || c <= edge) return c;
    if (c >= contentMax - edge) return physicalMax - (contentMax - c);
    return edge + (c - edge) / ratio;
  };
  return { contentMax, physicalHeight, physicalMax, scaled, toContent, toPhysical };
}

export interface ScrollPosition {
  /** Content pixels above the viewport. */
  readonly top: number;
  /** The container's scrollTop that goes with it. */
  readonly physical: number;
}

/**
 * Where the content is after the container has scrolled to `physical`. A small step moves the content by as many
 * pixels, which leaves the two slightly apart; `settled` closes the gap when nothing moves, or when the container
 * has come to an end that the content has not.
 */
export function follow(mapping: ScrollMapping, from: ScrollPosition, physical: number): ScrollPosition {
  const step = physical - from.physical;
  if (!mapping.scaled || Math.abs(step) > JUMP) return { top: mapping.toContent(physical), physical };
  return { top: clamp(from.top + step, mapping.contentMax), physical };
}

/** The scrollTop that stands for the same content, exactly. */
export function settled(mapping: ScrollMapping, at: ScrollPosition): ScrollPosition {
  return { top: at.top, physical: mapping.toPhysical(at.top) };
}

/** True where the container can't go on in a direction in which the content can. */
export function stuck(mapping: ScrollMapping, at: ScrollPosition): boolean {
  return (
    (at.physical <= 0 && at.top > 0) ||
    (at.physical >= mapping.physicalMax - 1 && at.top < mapping.contentMax - 1)
  );
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}
