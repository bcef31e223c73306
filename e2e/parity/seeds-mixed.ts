import type { Seed } from './seed.ts';

const VALUES = 400;

/**
 * One column of each type, a third of the rows NULL, and values at the ends of their ranges. No file has both zeros in `f`:
 * DuckDB writes a dictionary of floats that has only one of them.
 */
const typed = (part: number) => `
  SELECT CAST(i AS BIGINT) AS id,
    CAST(i % 7 AS INTEGER) AS g,
    CASE WHEN i % 3 <> 0 THEN i % 2 = 0 END AS flag,
    CASE WHEN i % 5 <> 0 THEN CAST((i * 37) % 211 - 100 AS INTEGER) END AS small,
    CASE i % 50 WHEN 0 THEN 9223372036854775807 WHEN 1 THEN -9223372036854775807 WHEN 2 THEN NULL ELSE (i * 1000003) % 99991 - 50000 END AS big,
    CAST(CASE i % 11 WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' WHEN 3 THEN '-0.0' WHEN 4 THEN '0.0' WHEN 5 THEN NULL ELSE CAST(((i * 7) % 101 - 50) / 8.0 AS VARCHAR) END AS DOUBLE) AS d,
    CAST(CASE i % 9 WHEN 0 THEN 'nan' WHEN 1 THEN '-0.0' WHEN 2 THEN NULL ELSE CAST((1 + i % 17) / 4.0 AS VARCHAR) END AS FLOAT) AS f,
    CASE WHEN i % 4 <> 0 THEN CAST(((i * 7919) % 20011 - 10000) / 100.0 AS DECIMAL(9,2)) END AS money,
    CASE WHEN i % 6 <> 0 THEN CAST(CAST(i AS DECIMAL(38,10)) * 123456789.0123456789 AS DECIMAL(38,10)) END AS wide,
    ['alpha', 'Beta', 'gamma', 'ÄPFEL', 'äpfel', 'zebra', '', 'Émile', 'emile', NULL, '日本語', 'naïve', 'a_b%c', '  pad  ', '😀 face'][1 + i % 15] AS s,
    CASE WHEN i % 8 <> 0 THEN DATE '1969-12-25' + CAST((i * 13) % 20000 - 3000 AS INTEGER) END AS day,
    CASE WHEN i % 8 <> 1 THEN TIME '00:00:00' + to_microseconds((i * 215123457) % 86400000000) END AS clock,
    CASE WHEN i % 8 <> 2 THEN TIMESTAMP '1999-12-31 23:59:59.123456' + to_microseconds(i * i * 98765432123 - 40000000000000) END AS moment,
    CASE WHEN i % 8 <> 3 THEN make_timestamptz(946684800000000 + i * 7654321987654) END AS at_zone,
    CASE WHEN i % 8 <> 4 THEN CAST(concat(repeat(format('{:04x}', i), 2), '-', format('{:04x}', i), '-4000-8000-', repeat(format('{:04x}', i), 3)) AS UUID) END AS u,
    CASE WHEN i % 8 <> 5 THEN encode('b' || i || chr(CAST(233 + i % 5 AS INTEGER))) END AS b
  FROM range(${VALUES}) t(i) WHERE i % 2 = ${part}`;

const nested = (part: number) => `
  SELECT CAST(i AS INTEGER) AS id,
    CASE WHEN i % 6 <> 0 THEN list_transform(range(i % 5), x -> CAST(CASE WHEN x = 2 THEN NULL ELSE x * i % 17 END AS INTEGER)) END AS numbers,
    CASE WHEN i % 7 <> 0 THEN [chr(CAST(97 + i % 26 AS INTEGER)), NULL, 'w' || i, 'é'] END AS words,
    CASE WHEN i % 5 <> 0 THEN {'a': CAST(i AS INTEGER), 'b': 'v' || i % 4, 'inner': {'x': i / 4.0, 'y': CASE WHEN i % 2 = 0 THEN DATE '2020-02-29' + CAST(i AS INTEGER) END}} END AS s,
    CASE WHEN i % 4 <> 0 THEN MAP {'k' || i % 3: CAST(i AS INTEGER), 'z': NULL} END AS m,
    CASE WHEN i % 9 <> 0 THEN [[CAST(i AS INTEGER), NULL], [], NULL, [1, 2, 3]] END AS lists,
    CASE WHEN i % 3 <> 0 THEN [{'name': 'n' || i, 'score': CAST(i % 10 AS DECIMAL(6,3)) / 3}, {'name': NULL, 'score': NULL}] END AS items
  FROM range(120) t(i) WHERE i % 2 = ${part}`;

/** Generated rows that hold what differs between engines most. */
export const MIXED: readonly Seed[] = [
  {
    name: 'lab.typed',
    files: [typed(0), typed(1)],
    deleted: { where: 'id % 41 = 7', by: 'position' },
  },
  { name: 'lab.nested', files: [nested(0), nested(1)], deleted: { where: 'id % 29 = 3', by: ['id'] } },
  {
    name: 'lab.trades',
    files: [
      `SELECT ['A', 'B', 'C'][1 + i % 3] AS sym, TIMESTAMP '2024-03-10 09:30:00' + to_seconds((i * 37) % 3600) AS moment, CAST(1 + i % 9 AS INTEGER) AS qty, CAST(i AS INTEGER) AS trade FROM range(300) t(i)`,
    ],
  },
  {
    name: 'lab.quotes',
    files: [
      `SELECT ['A', 'B', 'C', 'D'][1 + i % 4] AS sym, TIMESTAMP '2024-03-10 09:30:00' + to_seconds(i * 11) AS moment, CAST(100 + (i * 7) % 23 / 10.0 AS DECIMAL(9,2)) AS bid FROM range(320) t(i)`,
    ],
  },
  {
    name: 'lab.employees',
    files: [
      `SELECT CAST(i AS INTEGER) AS id, CASE WHEN i > 1 THEN CAST(i // 3 + CASE WHEN i < 3 THEN 1 ELSE 0 END AS INTEGER) END AS boss, 'e' || i AS name, ['ops', 'dev', 'law'][1 + i % 3] AS team, CAST(1000 + (i * 137) % 900 AS DECIMAL(9,2)) AS pay FROM range(1, 61) t(i)`,
    ],
  },
  {
    name: 'lab.sales',
    files: [2021, 2022, 2023].map(
      (year) =>
        `SELECT CAST(${year} AS INTEGER) AS year, ['north', 'south', 'east', NULL][1 + i % 4] AS region, ['pen', 'ink', 'pad'][1 + (i // 4) % 3] AS item, CAST(1 + i % 12 AS INTEGER) AS month, CAST((i * 31 + ${year}) % 500 / 4.0 AS DECIMAL(12,2)) AS amount, CAST(i + ${year} * 1000 AS BIGINT) AS id FROM range(240) t(i)`,
    ),
    partitionedBy: 'year',
    deleted: { where: 'id % 53 = 11', by: ['id'] },
  },
  {
    name: 'lab.empty',
    files: ["SELECT CAST(1 AS INTEGER) AS id, 'x' AS s, 1.5::DOUBLE AS d"],
    deleted: { where: 'true', by: 'position' },
  },
];
