import { readFile, unlink, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '#shared/errors/app-error.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

beforeAll(async () => {
  tables = await TableFixture.open();
});
afterAll(() => tables.close());

/** A table of two files, the second of which is spoilt; its path. */
async function spoil(name: string, how: (path: string, bytes: Buffer) => Promise<void>): Promise<string> {
  await tables.append(
    name,
    "SELECT 1 AS a, 'x' AS s",
    "SELECT i::INTEGER AS a, repeat('s' || i, 40) AS s FROM range(50000) t(i)",
  );
  const { sources } = await tables.plan(`FROM ${name} WHERE a > 1`);
  const path = tables.io.localPath(sources[0]?.files[0] ?? '') ?? '';
  await how(path, await readFile(path));
  return path;
}

describe('a data file that is not what the table says', () => {
  it.each<[string, (path: string, bytes: Buffer) => Promise<void>, string]>([
    [
      'truncated',
      async (path, bytes) => writeFile(path, bytes.subarray(0, bytes.length / 2)),
      'CORRUPT_FILE',
    ],
    ['emptied', async (path) => writeFile(path, ''), 'CORRUPT_FILE'],
    ['foreign_text', async (path) => writeFile(path, 'a,b\n1,2\n'.repeat(50)), 'CORRUPT_FILE'],
    [
      'bad_footer',
      async (path, bytes) => writeFile(path, bytes.fill(0xff, bytes.length - 200, bytes.length - 20)),
      'CORRUPT_FILE',
    ],
    [
      'bad_pages',
      async (path, bytes) => writeFile(path, bytes.fill(0x5a, 500, bytes.length / 2)),
      'CORRUPT_FILE',
    ],
    ['foreign_parquet', async (path) => copy("SELECT 'other' AS x FROM range(50000)", path), 'CORRUPT_FILE'],
    [
      'other_rows',
      async (path) => copy('SELECT 5 AS a, 5 AS s', path, 'FIELD_IDS {a: 1, s: 2}'),
      'CORRUPT_FILE',
    ],
    [
      'other_type',
      async (path) => copy("SELECT 'no' AS a, 's' AS s FROM range(50000)", path, 'FIELD_IDS {a: 1, s: 2}'),
      'CORRUPT_FILE',
    ],
    ['gone', async (path) => unlink(path), 'FILE_NOT_FOUND'],
    ['old_codec', async (path, bytes) => writeFile(path, withCodecLz4(bytes)), 'UNSUPPORTED'],
  ])('%s: is named', async (name, how, code) => {
    const path = await spoil(name, how);
    const error: unknown = await tables
      .run(`SELECT sum(a), max(s) FROM ${name}`)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, context: { path } });
    const { message } = error as AppError;
    // Its place, once, in words of our own.
    expect(message.split(path)).toHaveLength(2);
    expect(message).not.toMatch(/magic|TProtocol|Variable-length|Error/);
  });
});

describe('an error of the query while it runs', () => {
  it('is placed in the SQL that was written', async () => {
    await tables.append('t', "SELECT 'é' AS s");
    const sql = "SELECT 'ü' AS u,\n  s::INTEGER FROM t WHERE s <> ''";
    await expect(tables.run(sql)).rejects.toMatchObject({
      code: 'SQL_RUNTIME',
      context: { position: sql.indexOf('::'), line: 2, column: 4 },
    });
  });
});

/** Says of the column a that it is compressed with what Parquet's codec 5 is: LZ4 in Hadoop's framing. */
function withCodecLz4(bytes: Buffer): Buffer {
  // ColumnMetaData: path_in_schema ['a'], then the codec, of which 6 (zstd) is 12 as a zigzag varint.
  const at = bytes.indexOf(Buffer.from([0x19, 0x18, 0x01, 0x61, 0x15, 12]));
  expect(at).toBeGreaterThan(0);
  bytes[at + 5] = 10;
  return bytes;
}

async function copy(query: string, path: string, options = ''): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  await (
    await instance.connect()
  ).run(`COPY (${query}) TO '${path}' (FORMAT parquet${options && `, ${options}`})`);
  instance.closeSync();
}
