const COLUMNS = 3;
const PANEL = { width: 300, height: 150, left: 36, right: 48, top: 30, bottom: 26 };
const MARGIN = 16;
const HEAD = 44;
/** Distinct also where colours are not. */
const LINES = [
  ['#1f77b4', ''],
  ['#d62728', '6 3'],
  ['#2ca02c', '2 2'],
  ['#9467bd', '8 3 2 3'],
];

/**
 * A figure for each case that has an aim, or no peer: its ratio or its value over commits, a line for each machine and
 * scale, and the aim.
 * @param {string} bench
 * @param {readonly import('./figures.mjs').Figures[]} entries oldest first
 * @returns {string} an SVG document
 */
export function plotFigures(bench, entries) {
  const names = [...new Set(entries.flatMap(({ ratios }) => Object.keys(ratios)))].filter((name) =>
    entries.some(({ ratios }) => (ratios[name]?.aim ?? null) !== null || ratios[name]?.unit !== undefined),
  );
  const series = [...new Set(entries.map(seriesOf))];
  const rows = Math.ceil(names.length / COLUMNS);
  const width = MARGIN * 2 + COLUMNS * PANEL.width;
  const height = HEAD + rows * PANEL.height + series.length * 16 + MARGIN;
  const panels = names.map((name, at) => {
    const x = MARGIN + (at % COLUMNS) * PANEL.width;
    const y = HEAD + Math.floor(at / COLUMNS) * PANEL.height;
    return `<g transform="translate(${x} ${y})">${panel(name, entries, series)}</g>`;
  });
  const legend = series.map((name, at) => {
    const y = HEAD + rows * PANEL.height + at * 16 + 8;
    const [colour, dashes] = lineOf(at);
    return `<path d="M${MARGIN} ${y}h24" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>${text(MARGIN + 32, y + 4, name)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="none" role="img" aria-label="${escaped(`Ratios of bench ${bench} over commits`)}">
<rect width="100%" height="100%" fill="#fff"/>
${text(MARGIN, 24, `bench ${bench}, by commit: ours over the peer's, or ms where there is no peer; lower is better, grey is the aim`, '#222', 13)}
${panels.join('\n')}
${legend.join('\n')}
</svg>
`;
}

/** @param {Pick<import('./figures.mjs').Figures, 'machine' | 'scale'>} entry */
function seriesOf({ machine, scale }) {
  return `${machine}, scale ${scale}`;
}

/** @param {number} at */
function lineOf(at) {
  return LINES[at % LINES.length] ?? ['#000', ''];
}

/**
 * @param {string} name
 * @param {readonly import('./figures.mjs').Figures[]} entries
 * @param {readonly string[]} series
 */
function panel(name, entries, series) {
  const { left, right, top, bottom } = PANEL;
  const inner = { width: PANEL.width - left - right, height: PANEL.height - top - bottom };
  const measured = entries.flatMap((entry, at) => {
    const figure = entry.ratios[name];
    return figure === undefined ? [] : [{ at, entry, ...figure }];
  });
  const aim = measured.findLast((each) => each.aim !== null)?.aim ?? null;
  const unit = measured.at(-1)?.unit;
  const most = Math.max(aim ?? 0, ...measured.map(({ ratio }) => ratio)) * 1.1;
  const x = (/** @type {number} */ at) =>
    round(left + (entries.length < 2 ? 0.5 : at / (entries.length - 1)) * inner.width);
  const y = (/** @type {number} */ ratio) => round(top + inner.height * (1 - ratio / most));
  const parts = [
    text(left, 18, unit === undefined ? name : `${name}, ${unit}`, '#222'),
    `<path d="M${left} ${top}v${inner.height}h${inner.width}" stroke="#999"/>`,
    ...(aim === null
      ? []
      : [
          `<path d="M${left} ${y(aim)}h${inner.width}" stroke="#bbb" stroke-width="2"/>`,
          text(left - 4, y(aim) + 4, String(aim), '#777', 10, 'end'),
        ]),
    text(left - 4, y(0) + 4, '0', '#777', 10, 'end'),
  ];
  for (const [number, machine] of series.entries()) {
    const points = measured.filter(({ entry }) => seriesOf(entry) === machine);
    const last = points.at(-1);
    if (last === undefined) continue;
    const [colour, dashes] = lineOf(number);
    const path = points.map(({ at, ratio }) => `${x(at)} ${y(ratio)}`).join('L');
    parts.push(
      `<path d="M${path}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>`,
      ...points.map(
        ({ at, ratio, entry }) =>
          `<circle cx="${x(at)}" cy="${y(ratio)}" r="3" fill="${colour}"><title>${escaped(`${entry.commit}, ${entry.date}: ${ratio}`)}</title></circle>`,
      ),
      text(
        x(last.at) + 6,
        y(last.ratio) + 4,
        unit === undefined ? last.ratio.toFixed(2) : String(Math.round(last.ratio)),
        colour,
      ),
    );
  }
  for (const at of new Set([0, entries.length - 1]))
    parts.push(text(x(at), PANEL.height - 10, entries[at]?.commit ?? '', '#777', 10, 'middle'));
  return parts.join('');
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 */
function text(x, y, words, colour = '#444', size = 11, anchor = 'start') {
  return `<text x="${x}" y="${y}" fill="${colour}" font-size="${size}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

/** @param {string} words */
function escaped(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
