// @vitest-environment node
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Scan, ScanFile } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../engine/engine.ts';
import type { DecodePool } from '../parquet/decode-pool.ts';
import { fetchPositions } from '../parquet/fetch-positions.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { ColumnCache } from './column-cache.ts';
import { ColumnLoader } from './column-loader.ts';
import { fileNeeds, totalOf } from './needs.ts';
import { scanViewSql } from './scan-view.ts';

const a = { fieldId: 1, name: 'a', sqlType: 'BIGINT', type: 'long' };
const b = { fieldId: 2, name: 'b', sqlType: 'BIGINT', type: 'long' };
const added = { fieldId: 3, name: 'added', sqlType: 'INTEGER', type: 'int', initialDefault: 7 };

/** What the server has: rows of files by url (the row's number, and ten times it), deleted positions by url. */
interface Store {
  readonly files: Map<string, number>;
  readonly deletes: Map<string, readonly number[]>;
  readonly asked: string[];
}

let engine: NodeEngine;
let tables = 0;

beforeAll(async () => {
  engine = await openNodeEngine();
});

async function openTab() {
  const store: Store = { files: new Map(), deletes: new Map(), asked: [] };
  const get = async (request: string | URL | Request) => {
    const { pathname } = new URL(request instanceof Request ? request.url : request);
    const positions = store.deletes.get(pathname);
    if (positions === undefined) {
      const error = { code: 'CORRUPT_FILE', message: 'The delete file d is damaged.' };
      return Response.json({ error }, { status: 422 });
    }
    return new Response(ipcOf({ pos: Uint32Array.from(positions) }));
  };
  const pool: Pick<DecodePool, 'decode' | 'size'> = {
    size: 1,
    decode: async (request, sink) => {
      const { pathname } = new URL(request.url);
      store.asked.push(pathname);
      if (request.positions) {
        const { column, ipc, rows } = await fetchPositions(request.url, request.columns[0]?.id ?? 0, get);
        sink.opened({ columns: [column], rows, groups: [rows] });
        if (rows > 0) sink.chunk(ipc, rows);
        return;
      }
      const rows = store.files.get(pathname) ?? 0;
      const type = { kind: 'leaf', sqlType: 'BIGINT' } as const;
      sink.opened({
        columns: request.columns.map(({ id }) => ({ id, field: { id, name: `c${id}`, type } })),
        rows,
        groups: [rows],
      });
      const values = request.columns.map(({ id }) => [
        `c${id}`,
        BigInt64Array.from({ length: rows }, (_, at) => BigInt(id === 1 ? at : at * 10)),
      ]);
      sink.chunk(ipcOf(Object.fromEntries(values) as Record<string, BigInt64Array>), rows);
    },
  };
  // Tables of one tab must not meet those of another in the one engine that this file has.
  const prefix = `tab${tables++}_`;
  const own = (sql: string) => sql.replace(/cache\.main\.s(\d+)/g, `cache.main.${prefix}s$1`);
  const connection = {
    run: async (sql: string) => engine.run(own(sql)),
    rows: async (sql: string) => engine.rows(own(sql)),
    insert: async (table: string, ipc: Uint8Array) => engine.insert(`${prefix}${table}`, ipc),
  };
  const cache = new ColumnCache(1_000_000);
  const loader = await ColumnLoader.open(
    { connect: async () => connection } as unknown as Engine,
    pool as DecodePool,
    cache,
    'http://host/',
    () => undefined,
  );
  const read = async (scan: Scan, sql: string) => {
    const signal = new AbortController().signal;
    const pin = await loader.acquire(fileNeeds([scan]), { signal, priority: 0, onProgress: () => undefined });
    try {
      engine.run(own(scanViewSql(scan, (file, fieldId) => cache.find(file, fieldId))));
      return engine.rows(sql);
    } finally {
      pin.release();
    }
  };
  return { store, read, cache };
}

function ipcOf(columns: Record<string, BigInt64Array | Uint32Array>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(tableToIPC(tableFromArrays(columns), 'stream'));
}

function file(url: string, rows: number, columns: ScanFile['columns'], deletes?: string): ScanFile {
  const plain = { url, bytes: 100, rows, columns };
  if (deletes === undefined) return plain;
  return { ...plain, deletes: { id: deletes, url: `/deletes/${deletes}?at=somewhere`, rows: 1, bytes: 8 } };
}

function scan(columns: Scan['columns'], files: Scan['files'], view = 'scan'): Scan {
  return { view, table: 't', columns, files, filesKnown: files.length, pruning: [] };
}

const inFile = { name: 'x', bytes: 50 };

describe('deleted rows in the tab', () => {
  it('are left out as a model leaves them out, with columns of one load, of two, and of none', async () => {
    const oneFile = fc.record({
      rows: fc.integer({ min: 1, max: 40 }),
      deleted: fc.option(fc.uniqueArray(fc.nat(60), { maxLength: 40 }), { freq: 4 }),
      fragments: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(oneFile, { minLength: 1, maxLength: 3 }), async (files) => {
        const tab = await openTab();
        const described = files.map(({ rows, deleted }, index) => {
          tab.store.files.set(`/f${index}`, rows);
          const positions = deleted?.filter((position) => position < rows).sort((x, y) => x - y);
          if (positions !== undefined) tab.store.deletes.set(`/deletes/d${index}`, positions);
          return { url: `/f${index}`, rows, positions, deletes: positions && `d${index}` };
        });
        // Where a is loaded on its own first, the file is in two tables.
        const early = described.filter((_, index) => files[index]?.fragments);
        await tab.read(
          scan(
            [a],
            early.map(({ url, rows }) => file(url, rows, [inFile])),
          ),
          'SELECT 1',
        );
        const left = described.flatMap(({ rows, positions = [] }) =>
          Array.from({ length: rows }, (_, at) => at).filter((at) => !positions.includes(at)),
        );
        const of = (columns: Scan['columns'], held: ScanFile['columns']) =>
          scan(
            columns,
            described.map(({ url, rows, deletes }) => file(url, rows, held, deletes)),
          );
        const whole = of([a, b, added], [inFile, inFile, null]);
        expect(await tab.read(whole, 'SELECT a, b, added FROM scan')).toEqual(
          left.map((at) => ({ a: BigInt(at), b: BigInt(at * 10), added: 7 })),
        );
        const some = left.filter((at) => at >= 5);
        expect(await tab.read(whole, 'SELECT count(*) AS n, max(b) AS m FROM scan WHERE a >= 5')).toEqual([
          { n: BigInt(some.length), m: some.length === 0 ? null : BigInt(Math.max(...some) * 10) },
        ]);
        const n = [{ n: BigInt(left.length) }];
        expect(await tab.read(of([added], [null]), 'SELECT count(added) AS n FROM scan')).toEqual(n);
        expect(await tab.read(of([], []), 'SELECT count(*) AS n FROM scan')).toEqual(n);
      }),
      { numRuns: 15 },
    );
  });

  it('are fetched once, and a snapshot with other deletes of the same file has its own', async () => {
    const tab = await openTab();
    tab.store.files.set('/f', 4);
    tab.store.deletes.set('/deletes/old', [0]);
    tab.store.deletes.set('/deletes/new', [0, 3]);
    const at = (deletes?: string) => scan([a], [file('/f', 4, [inFile], deletes)], `scan_${deletes}`);
    const rows = async (deletes?: string) =>
      (await tab.read(at(deletes), `SELECT a FROM scan_${deletes}`)).map((row) => Number(row['a']));
    expect(await rows('old')).toEqual([1, 2, 3]);
    expect(await rows('new')).toEqual([1, 2]);
    expect(await rows()).toEqual([0, 1, 2, 3]);
    expect(await rows('old')).toEqual([1, 2, 3]);
    expect(tab.store.asked.sort()).toEqual(['/deletes/new', '/deletes/old', '/f']);
  });

  it('are counted as what has to be loaded, once however many scans have them', () => {
    const needs = fileNeeds([
      scan([a], [file('/f', 4, [inFile], 'd')]),
      scan([b], [file('/f', 4, [inFile], 'd')]),
      scan([], [file('/f', 4, [], 'd')]),
    ]);
    expect(totalOf(needs)).toEqual({ files: 2, columns: 3, bytes: 108 });
  });

  it('fail as the server says what is wrong with them', async () => {
    const tab = await openTab();
    tab.store.files.set('/f', 4);
    await expect(tab.read(scan([a], [file('/f', 4, [inFile], 'gone')]), 'SELECT 1')).rejects.toMatchObject({
      status: 422,
      said: { code: 'CORRUPT_FILE', message: 'The delete file d is damaged.' },
    });
  });

  it('are never taken for none where they are not held', () => {
    const one = scan([], [file('/f', 4, [], 'd')]);
    expect(() => scanViewSql(one, () => undefined)).toThrow(AppError);
  });
});

describe('fetchPositions', () => {
  const answer =
    (body: BodyInit, status = 200) =>
    async () =>
      new Response(body, { status });

  it('says that a connection broke, and that an answer is no Arrow', async () => {
    const broken = async () => Promise.reject(new TypeError('network'));
    await expect(fetchPositions('http://host/d', 1, broken)).rejects.toMatchObject({ status: 0 });
    await expect(fetchPositions('http://host/d', 1, answer('<html>', 502))).rejects.toMatchObject({
      status: 502,
      said: undefined,
    });
    const cut = ipcOf({ pos: Uint32Array.from({ length: 1000 }, (_, at) => at) }).slice(0, 600);
    await expect(fetchPositions('http://host/d', 1, answer(cut))).rejects.toThrow();
  });
});
