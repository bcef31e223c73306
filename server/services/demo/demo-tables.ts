/** One commit of the demo: rows that a query over a source file gives. */
export interface DemoStep {
  /** Stays the same for good: a restart knows by it what is done. */
  readonly id: string;
  readonly message: string;
  /** SQL over the source folder. */
  readonly query: string;
  /** Of the source, to show progress. */
  readonly rows: number;
}

export interface DemoTable {
  readonly table: readonly string[];
  readonly comment: string;
  readonly steps: readonly DemoStep[];
}

/** Flights in the source file by month of departure; the six flights of 1 July 2001 left at midnight. */
const FLIGHT_MONTHS = [
  { month: '2001-01', until: '2001-02', name: 'January 2001', rows: 508_239 },
  { month: '2001-02', until: '2001-03', name: 'February 2001', rows: 458_170 },
  { month: '2001-03', until: '2001-04', name: 'March 2001', rows: 511_502 },
  { month: '2001-04', until: '2001-05', name: 'April 2001', rows: 501_030 },
  { month: '2001-05', until: '2001-06', name: 'May 2001', rows: 518_831 },
  { month: '2001-06', until: '2001-07', name: 'June 2001', rows: 502_222 },
  { month: '2001-07', until: '2001-08', name: 'July 2001', rows: 6 },
] as const;

/**
 * The demo lakehouse: the public data sets of the package vega-datasets (US domestic flights of 2001, US
 * airports, daily weather, share prices, earthquakes of a week, commits on GitHub by the hour, the S&P 500).
 *
 * @param source folder of the data files
 */
export function demoTables(source: string): readonly DemoTable[] {
  const file = (name: string) => `'${`${source}/${name}`.replaceAll("'", "''")}'`;
  const whole = (name: string, comment: string, rows: number, query: string): DemoTable => ({
    table: ['bronze', name],
    comment,
    steps: [{ id: `bronze.${name}`, message: `Load ${name}`, query, rows }],
  });
  return [
    {
      table: ['bronze', 'flights'],
      comment:
        'Three million US domestic flights, January to June 2001. Delay in minutes, distance in miles.',
      steps: FLIGHT_MONTHS.map(({ month, until, name, rows }) => ({
        id: `bronze.flights/${month}`,
        message: `Load flights of ${name}`,
        // In order of time, so that each row group covers a few days and a range of days prunes the rest.
        query: `SELECT * FROM read_parquet(${file('flights-3m.parquet')}) WHERE date >= TIMESTAMP '${month}-01' AND date < TIMESTAMP '${until}-01' ORDER BY date`,
        rows,
      })),
    },
    whole(
      'airports',
      'US airports by IATA code.',
      3376,
      `SELECT * FROM read_csv(${file('airports.csv')}) ORDER BY iata`,
    ),
    whole(
      'weather',
      'Daily weather in Seattle and New York, 2012 to 2015. Temperatures in °C, precipitation in mm.',
      2922,
      `SELECT * FROM read_csv(${file('weather.csv')}) ORDER BY location, date`,
    ),
    whole(
      'stocks',
      'Monthly share prices of five technology companies, 2000 to 2010, in USD.',
      560,
      `SELECT symbol, strptime(date, '%b %-d %Y')::DATE AS date, price FROM read_csv(${file('stocks.csv')}) ORDER BY symbol, date`,
    ),
    whole(
      'sp500',
      'S&P 500 index by trading day, 2000 to 2020.',
      5105,
      `SELECT * FROM read_csv(${file('sp500-2000.csv')}) ORDER BY date`,
    ),
    whole(
      'github',
      'Commits on GitHub by the hour, 2015.',
      955,
      `SELECT * FROM read_csv(${file('github.csv')}) ORDER BY time`,
    ),
    whole(
      'earthquakes',
      'Earthquakes of a week in February 2018, by the US Geological Survey. Depth in km.',
      1707,
      `SELECT f.id, make_timestamp(f.properties.time * 1000) AS time, f.properties.mag::DOUBLE AS magnitude,
              f.properties.place, f.properties.type, f.geometry.coordinates[1]::DOUBLE AS longitude,
              f.geometry.coordinates[2]::DOUBLE AS latitude, f.geometry.coordinates[3]::DOUBLE AS depth
       FROM (SELECT unnest(features) AS f FROM read_json(${file('earthquakes.json')})) ORDER BY time`,
    ),
  ];
}
