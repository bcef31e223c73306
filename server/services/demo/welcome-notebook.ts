import type { Cell } from '#shared/contract/notebooks.ts';

export const WELCOME_ID = 'welcome';
export const WELCOME_TITLE = 'First look at three million flights';

/** The notebook that a new lakehouse opens with: each cell shows one thing that the product does. */
export const WELCOME_CELLS: Cell[] = [
  {
    id: 'intro',
    kind: 'markdown',
    source: `\`bronze.flights\` holds US domestic flights of the first half of 2001 (and six that left as July began), **one commit a month**. The cells run in this browser tab. What the tab does not hold yet the server answers at once, while the tab loads it: run a cell again, and the badge under its result changes.

Change the SQL and press **Ctrl/Cmd + Enter**. Press **?** for every key.`,
  },
  {
    id: 'by-month',
    kind: 'sql',
    source: `SELECT date_trunc('month', date) AS month,
       count(*)                  AS flights,
       round(avg(delay), 1)      AS mean_delay
FROM bronze.flights
GROUP BY ALL
ORDER BY month`,
    view: 'grid',
  },
  {
    id: 'by-hour',
    kind: 'sql',
    source: `-- When to fly: delay by hour of departure
SELECT hour(date) AS hour,
       avg(delay) AS mean_delay,
       quantile_cont(delay, 0.9) AS worst_tenth
FROM bronze.flights
GROUP BY hour
ORDER BY hour`,
    view: 'chart',
    chart: { type: 'line', x: 'hour', y: ['mean_delay', 'worst_tenth'] },
  },
  {
    id: 'routes',
    kind: 'sql',
    source: `-- The busiest routes, with the names of their airports
SELECT a.city AS origin_city, b.city AS destination_city,
       count(*) AS flights, round(avg(f.delay), 1) AS mean_delay
FROM bronze.flights f
JOIN bronze.airports a ON a.iata = f.origin
JOIN bronze.airports b ON b.iata = f.destination
GROUP BY ALL
ORDER BY flights DESC
LIMIT 20`,
    view: 'grid',
  },
  {
    id: 'time-travel',
    kind: 'markdown',
    source: `# Travel in time

Every load was a commit. Pick an older one in the **snapshot picker** of a cell, or move the whole notebook with the time machine in the top bar. In SQL it is \`bronze.flights AT (VERSION => …)\` with a branch, a tag, a commit or a snapshot id, or \`AT (TIMESTAMP => …)\`.`,
  },
  {
    id: 'then-and-now',
    kind: 'sql',
    source: `SELECT count(*) AS flights, min(date) AS first, max(date) AS last
FROM bronze.flights`,
    view: 'grid',
  },
];
