import { fileURLToPath } from 'node:url';
import type { Seed } from './seed.ts';

const file = (name: string) =>
  `'${fileURLToPath(new URL(`../../node_modules/vega-datasets/data/${name}`, import.meta.url))}'`;

const FLIGHTS = 60_000;
const flights = (part: number) =>
  `SELECT date, delay, distance, origin, destination FROM (SELECT *, row_number() OVER () AS n FROM (FROM read_parquet(${file('flights-3m.parquet')}) LIMIT ${FLIGHTS})) WHERE n % 3 = ${part}`;
const weather = (place: string) =>
  `SELECT location, date, precipitation, temp_max, temp_min, wind, weather FROM read_csv(${file('weather.csv')}) WHERE location = '${place}' ORDER BY date`;

/** The demo's tables and some more of the same source, of real data. */
export const REAL: readonly Seed[] = [
  {
    name: 'bronze.flights',
    files: [flights(0), flights(1), flights(2)],
    deleted: { where: "origin = 'ATL' AND delay > 60", by: 'position' },
  },
  {
    name: 'bronze.airports',
    files: [`FROM read_csv(${file('airports.csv')})`],
    deleted: { where: "state = 'AK'", by: ['state'] },
  },
  {
    name: 'bronze.weather',
    files: [weather('Seattle'), weather('New York')],
    partitionedBy: 'location',
  },
  {
    name: 'bronze.stocks',
    files: [
      `SELECT symbol, CAST(strptime(date, '%b %-d %Y') AS DATE) AS date, price FROM read_csv(${file('stocks.csv')}, types = {'date': 'VARCHAR'})`,
    ],
  },
  { name: 'bronze.github', files: [`FROM read_csv(${file('github.csv')})`] },
  {
    name: 'bronze.earthquakes',
    files: [
      `SELECT f.id AS id, f.properties.mag AS mag, f.properties.place AS place,
        epoch_ms(f.properties.time) AS time, make_timestamptz(f.properties.updated * 1000) AS updated,
        f.properties.felt AS felt, f.properties.alert AS alert, f.properties.sig AS sig, f.properties.magType AS mag_type,
        f.geometry.coordinates AS coordinates, string_split(trim(f.properties.sources, ','), ',') AS sources,
        {'lon': f.geometry.coordinates[1], 'lat': f.geometry.coordinates[2], 'depth': f.geometry.coordinates[3]} AS place_at
        FROM (SELECT unnest(features) AS f FROM read_json(${file('earthquakes.json')}, maximum_object_size = 100000000))`,
    ],
    deleted: { where: 'sig < 3', by: 'position' },
  },
  {
    name: 'bronze.penguins',
    files: [
      `SELECT "Species" AS species, "Island" AS island, "Beak Length (mm)" AS beak_length, "Beak Depth (mm)" AS beak_depth,
        "Flipper Length (mm)" AS flipper_length, "Body Mass (g)" AS body_mass, "Sex" AS sex FROM read_json(${file('penguins.json')})`,
    ],
  },
  { name: 'bronze.cars', files: [`SELECT * FROM read_json(${file('cars.json')})`] },
  { name: 'bronze.gapminder', files: [`FROM read_json(${file('gapminder.json')})`] },
];
