import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { csvChunks } from './csv-chunks.ts';
import { loadCsv, sniffCsv, type CsvEngine, type CsvSource } from './read-csv.ts';

let node: NodeEngine;
let engine: CsvEngine;
beforeAll(async () => {
  node = await openNodeEngine();
  engine = {
    run: async (sql) => node.run(sql),
    rows: async (sql) => node.rows(sql),
    give: async (path, bytes) => node.give(path, bytes),
    forget: async (path) => node.forget(path),
  };
}, 60_000);

const TABLE = 'files.main.t';
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
}

function sourceOf(text: string): CsvSource {
  return {
    file: { name: 'people.csv' },
    open: () => inPieces(bytesOf(text), 64 * 1024),
    path: 'local-files/t',
  };
}

async function load(text: string) {
  const source = sourceOf(text);
  const loaded = await loadCsv(
    engine,
    source,
    await sniffCsv(engine, source),
    TABLE,
    new AbortController().signal,
  );
  const names = loaded.dialect.columns.map(({ name, type }) => `${name} ${type}`);
  return {
    names,
    misfits: loaded.misfits,
    rows: node.rows(`SELECT columns(*)::VARCHAR FROM ${TABLE}`).map(Object.values),
  };
}

it('knows columns, types, delimiters and quotes by itself', async () => {
  expect(await load('id;when;"full; name"\n1;2024-02-03;"a;\nb"\n2;;x\n')).toEqual({
    names: ['id BIGINT', 'when DATE', 'full; name VARCHAR'],
    misfits: [],
    rows: [
      ['1', '2024-02-03', 'a;\nb'],
      ['2', null, 'x'],
    ],
  });
  expect((await load('a\tb\n1\tx\n')).names).toEqual(['a BIGINT', 'b VARCHAR']);
});

it('makes a column wider whose later values are of another kind, and says which value it was', async () => {
  const lines = Array.from({ length: 400_000 }, (_, at) => `${at},${at}`);
  lines[300_000] = '1.5,7';
  lines[350_000] = '2,none';
  const { names, misfits, rows } = await load(`x,y\n${lines.join('\n')}\n`);
  expect(names).toEqual(['x DOUBLE', 'y VARCHAR']);
  expect(misfits).toEqual([
    { column: 'x', value: '1.5', line: 300_002, was: 'BIGINT', now: 'DOUBLE' },
    { column: 'y', value: 'none', line: 350_002, was: 'BIGINT', now: 'VARCHAR' },
  ]);
  expect(rows).toHaveLength(400_000);
  expect(rows[350_000]).toEqual(['2.0', 'none']);
}, 60_000);

it('says in which line a file is broken, also behind values of more lines', async () => {
  const lines = Array.from({ length: 500_000 }, (_, at) => `${at},plain ${at}`);
  lines[10] = '10,"two\nlines"';
  lines[480_000] = '1,2,3';
  await expect(load(`x,y\n${lines.join('\n')}\n`)).rejects.toMatchObject({
    code: 'CORRUPT_FILE',
    message: expect.stringMatching(/^people\.csv, line 480,003: /),
    context: { file: 'people.csv', line: 480_003 },
  });
  await expect(load('a,b\n1,2\n3,4\n5,6,7\n8,9\n')).rejects.toMatchObject({
    message: expect.stringMatching(/^people\.csv, line 4: /),
  });
  expect((await load('one\ncolumn\n')).names).toEqual(['one VARCHAR']);
  await expect(load('')).rejects.toMatchObject({ message: 'people.csv: it is empty.' });
}, 60_000);

it('cuts a file between records alone, however it comes', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', '\n', '\r', ',', 'é'), maxLength: 6 });
  const marks = { delimiter: ',', quote: '"', escape: '"' };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      async (rows, pieceBytes, chunkBytes) => {
        const records = rows.map(
          (row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`,
        );
        const ends = new Set<number>();
        let end = 0;
        for (const record of records) ends.add((end += bytesOf(record).length));
        let at = 0;
        let text = '';
        const whole = records.join('');
        for await (const { bytes, linesBefore } of csvChunks(
          inPieces(bytesOf(whole), pieceBytes),
          marks,
          chunkBytes,
        )) {
          expect(linesBefore).toBe(text.split('\n').length - 1);
          text += new TextDecoder().decode(bytes);
          at += bytes.length;
          expect(ends).toContain(at);
        }
        expect(text).toBe(whole);
      },
    ),
  );
});
