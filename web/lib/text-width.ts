/** Pixels that a text takes in a CSS font such as "12px sans-serif". */
export type TextWidth = (text: string) => number;

let context: CanvasRenderingContext2D | null | undefined;

/** Measures with the font as the page has it; without a canvas, by the widest of the usual proportions. */
export function textWidth(font: string): TextWidth {
  context ??=
    typeof CanvasRenderingContext2D === 'undefined'
      ? null
      : document.createElement('canvas').getContext('2d');
  const canvas = context;
  if (!canvas) return (text) => text.length * 7.8;
  return (text) => {
    canvas.font = font;
    return canvas.measureText(text).width;
  };
}

/** A text that takes no more than `pixels`, with an ellipsis where it is cut. */
export function fitText(text: string, pixels: number, width: TextWidth): string {
  if (width(text) <= pixels) return text;
  let length = Math.min(text.length - 1, Math.floor((text.length * pixels) / width(text)));
  while (length > 1 && width(`${text.slice(0, length)}…`) > pixels) length -= 1;
  return `${text.slice(0, Math.max(1, length)).trimEnd()}…`;
}
