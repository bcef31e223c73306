// @vitest-environment node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { openNodeTab, type NodeTab } from '../testing/node-tab.ts';

/** Iceberg's type, what the file has in row `i`, and how both engines show it alike. */
const COLUMNS: Readonly<Record<string, { type: string; values: string; shown?: string }>> = {
  flag: { type: 'boolean', values: 'i % 3 = 0' },
  small: { type: 'int', values: '(hash(i) % 4000000000)::BIGINT - 2000000000' },
  large: { type: 'long', values: 'hash(i)::HUGEINT - 9223372036854775808' },
  narrow: { type: 'float', values: 'i / 3' },
  wide: { type: 'double', values: 'i / 7' },
  cents: { type: 'decimal(4, 2)', values: '(i % 19999 - 9999) / 100' },
  price: { type: 'decimal(9, 3)', values: '(i * 4001 % 1999999999 - 999999999) / 1000' },
  amount: { type: 'decimal(15, 2)', values: '(hash(i) % 1999999999999)::BIGINT / 100 - 9999999999' },
  most: { type: 'decimal(18, 18)', values: '(i - 125000)::DECIMAL(18,0) / 125001' },
  huge: { type: 'decimal(38, 10)', values: '(hash(i)::HUGEINT * 1000000007)::DECIMAL(38,0) / 3' },
  day: { type: 'date', values: "DATE '1969-01-01' + (i % 30000)::INTEGER" },
  clock: { type: 'time', values: "TIME '00:00:00' + to_microseconds(i * 345678)" },
  moment: { type: 'timestamp', values: "TIMESTAMP '1969-12-31' + to_microseconds(i * 987654321)" },
  instant: {
    type: 'timestamptz',
    values: 'make_timestamptz(i * 987654321)',
    shown: 'epoch_us(instant)',
  },
  word: { type: 'string', values: "CASE i % 4 WHEN 0 THEN '' ELSE repeat('né', (i % 40)::INTEGER) || i END" },
  few: { type: 'string', values: "['N', 'R', 'A'][1 + i % 3]" },
  raw: { type: 'binary', values: "encode('x' || i)", shown: 'hex(raw)' },
  id: { type: 'uuid', values: 'md5(i::VARCHAR)::UUID' },
  nothing: { type: 'string', values: 'NULL::VARCHAR' },
};

let folder: string;
let instance: DuckDBInstance;
let native: DuckDBConnection;
let tab: NodeTab;
/** Reads rows that are in no table. */
let looseTab: NodeTab;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-flat-'));
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  native = await instance.connect();
  tab = await openNodeTab();
  looseTab = await openNodeTab({ loose: 256 * 1024 ** 2 });
});
afterAll(async () => {
  native.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

function columnOf(name: string) {
  const column = COLUMNS[name];
  if (!column) throw new Error(`There is no column ${name}.`);
  return column;
}

interface Written {
  readonly rows: number;
  /** A file has many, and the last is not full. */
  readonly rowGroup: number;
  readonly names: readonly string[];
}

async function write({
  rows,
  rowGroup,
  names,
}: Written): Promise<{ readonly scan: Scan; readonly path: string }> {
  const path = join(folder, `${names.length}-${rows}.parquet`);
  const columns = names.map((name, at) => {
    const { type, values } = columnOf(name);
    const sqlType = duckDbTypeOf(type);
    // The first row groups have all of them, the others not.
    const value = `CASE WHEN i % ${at + 2} <> 1 OR i < ${rowGroup} THEN (${values})::${sqlType} END AS ${name}`;
    return { fieldId: at + 1, name, type, sqlType, value };
  });
  const ids = columns.map(({ fieldId, name }) => `${name}: ${fieldId}`).join(', ');
  await native.run(
    `COPY (SELECT ${columns.map(({ value }) => value).join(', ')} FROM range(${rows}) AS rows(i))
     TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup}, FIELD_IDS {${ids}})`,
  );
  const inFile = columns.map(({ name }) => ({ name, bytes: 1 }));
  const scan: Scan = {
    view: 'scan',
    table: 'bronze.t',
    columns: columns.map(({ fieldId, name, type, sqlType }) => ({ fieldId, name, type, sqlType })),
    files: [{ url: pathToFileURL(path).href, bytes: 1000, rows, columns: inFile }],
    filesKnown: 1,
    pruning: [],
  };
  return { scan, path };
}

/** Of all values of a column, in the order of the file. */
function digests(names: readonly string[]): string {
  return names
    .map((name) => [name, columnOf(name).shown ?? name])
    .map(([name, shown]) => `md5(string_agg(coalesce((${shown})::VARCHAR, '-'), ',')) AS ${name}`)
    .join(', ');
}

async function expectAlike(written: Written): Promise<void> {
  const { scan, path } = await write(written);
  const sql = `SELECT count(*)::INTEGER AS n, ${digests(written.names)} FROM`;
  const reader = await native.runAndReadAll(`${sql} read_parquet('${path}')`);
  expect(await tab.rows([scan], `${sql} scan`)).toEqual(reader.getRowObjectsJson());
  expect(await looseTab.rows([scan], `${sql} scan`)).toEqual(reader.getRowObjectsJson());
  const inTables = looseTab.cache.idle().map(({ file }) => file);
  expect(inTables.includes(scan.files[0]?.url ?? '')).toBe(written.names.includes('id'));
}

describe('flat columns come from a file to the tab with their values, their nulls and their order', () => {
  it('of every type', () => expectAlike({ rows: 9_001, rowGroup: 4_096, names: Object.keys(COLUMNS) }));

  it('of every type that comes as the table has it', () =>
    expectAlike({
      rows: 9_001,
      rowGroup: 4_096,
      names: Object.keys(COLUMNS).filter((name) => name !== 'id'),
    }));

  it('of a file that two workers share', () =>
    expectAlike({ rows: 250_001, rowGroup: 20_480, names: ['large', 'amount', 'few'] }));

  it('of row groups that the decoder gives in several pieces', () =>
    expectAlike({ rows: 300_001, rowGroup: 290_816, names: ['amount', 'few'] }));
});
