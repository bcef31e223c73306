import { AppError } from '#shared/errors/app-error.ts';

const PADDING = 16;
const CAPTION = 22;
/** Pixels of the image for one of the page. */
const SHARP = 2;
const PRESENTATION = [
  'fill',
  'stroke',
  'fill-opacity',
  'stroke-width',
  'font-size',
  'font-family',
  'font-weight',
];

/**
 * A chart as an SVG document of its own: what the page's style sheet gives its parts is written into them, and the
 * figure's words (its name, labels beside lines, notes) are put in as text.
 */
export function chartSvg(figure: HTMLElement, title: string): { svg: string; width: number; height: number } {
  const drawn = figure.querySelector<SVGSVGElement>('svg:not([aria-hidden=true] svg)');
  if (drawn === null) throw new AppError('INTERNAL', 'There is no chart to save yet.');
  const own = drawn.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[...drawn.querySelectorAll('*')], [...own.querySelectorAll('*')]];
  for (const [at, element] of from.entries()) {
    const style = getComputedStyle(element);
    for (const name of PRESENTATION) to[at]?.setAttribute(name, style.getPropertyValue(name));
    to[at]?.removeAttribute('class');
  }
  const box = drawn.getBoundingClientRect();
  const ink = getComputedStyle(figure).color;
  const ground = getComputedStyle(document.body).getPropertyValue('--surface') || '#ffffff';
  const texts = [...figure.querySelectorAll<HTMLElement>('ul[aria-label=Series] li')].map((label) => {
    const place = label.getBoundingClientRect();
    const dot = label.querySelector<HTMLElement>('[style*=background]');
    const colour = dot === null ? getComputedStyle(label).color : getComputedStyle(dot).backgroundColor;
    return text(label.innerText, place.left - box.left, place.top - box.top + 12, colour);
  });
  const notes = figure.querySelector('figcaption')?.textContent ?? '';
  const width = Math.ceil(box.width) + 2 * PADDING;
  const height = Math.ceil(box.height) + 2 * PADDING + 2 * CAPTION;
  own.setAttribute('x', '0');
  own.setAttribute('y', '0');
  own.setAttribute('overflow', 'visible');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="${ground.trim()}"/>${text(title, PADDING, PADDING + 6, ink)}<g transform="translate(${PADDING} ${PADDING + CAPTION})">${new XMLSerializer().serializeToString(own)}${texts.join('')}</g>${text(notes, PADDING, height - 12, ink)}</svg>`;
  return { svg, width, height };
}

function text(content: string, x: number, y: number, colour: string): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').trim();
  return safe === '' ? '' : `<text x="${x}" y="${y}" fill="${colour}" font-size="12">${safe}</text>`;
}

/** Saves what chartSvg gives, as it is or as pixels. @throws INTERNAL where the browser can't draw it */
export async function saveImage(
  figure: HTMLElement,
  { title, fileName }: { readonly title: string; readonly fileName: string },
  format: 'svg' | 'png',
): Promise<void> {
  const { svg, width, height } = chartSvg(figure, title);
  const vector = new Blob([svg], { type: 'image/svg+xml' });
  download(format === 'svg' ? vector : await pixels(vector, width, height), `${fileName}.${format}`);
}

async function pixels(vector: Blob, width: number, height: number): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(vector);
  try {
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * SHARP;
    canvas.height = height * SHARP;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new AppError('INTERNAL', 'The browser could not draw the chart as a PNG.');
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\\/:*?"<>|]+/g, ' ');
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
