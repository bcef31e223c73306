// @vitest-environment node
import { ParquetFile, wasmMemory } from 'parquet-wasm/node';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineConnection } from './engine/connection.ts';
import { decodeFile } from './parquet/decode-file.ts';
import type { DecodePool } from './parquet/decode-pool.ts';
import type { DecodeReply } from './parquet/decode-protocol.ts';
import { REHEARSAL_COLUMNS } from './parquet/rehearsal-columns.ts';
import { REHEARSAL_ROWS, rehearsalFile } from './parquet/rehearsal-file.ts';
import { rehearse, type RehearsalStage } from './rehearsal.ts';
import { openNodeEngine, type NodeEngine } from './testing/node-engine.ts';

vi.mock('parquet-wasm', () => import('parquet-wasm/node'));

type Opened = Extract<DecodeReply, { kind: 'opened' }>;
type Decoded = Extract<DecodeReply, { kind: 'chunk' }>;

async function decodeRehearsal(bytes: Uint8Array<ArrayBuffer>) {
  const source = {
    tail: { url: 'http://host/rehearsal', size: bytes.length, bytes },
    open: () => ParquetFile.fromFile(new Blob([bytes])),
    memory: wasmMemory,
  };
  const pieces: DecodeReply[] = [];
  for await (const piece of decodeFile(source, { columns: REHEARSAL_COLUMNS, nameMapping: null }))
    pieces.push(piece);
  const [opened, ...chunks] = pieces;
  return { opened: opened as Opened, chunks: chunks as Decoded[] };
}

describe('rehearse', () => {
  let engine: NodeEngine;
  let file: Uint8Array<ArrayBuffer>;
  const asked: string[] = [];
  let kept = 0;

  beforeAll(async () => {
    engine = await openNodeEngine();
    file = rehearsalFile();
  });
  afterEach(() => {
    asked.length = 0;
  });

  function stage(rest: Partial<RehearsalStage> = {}): RehearsalStage {
    const connection = {
      expose: async (views) => engine.expose(views),
      hide: async (views) => engine.hide(views),
      stream: (sql) => {
        asked.push(sql);
        return engine.stream(sql.replace('FROM timestream', 'FROM memory.main.timestream'));
      },
      close: () => Promise.resolve(),
    } satisfies Partial<EngineConnection>;
    const decode: DecodePool['decode'] = async (request, sink) => {
      expect(request.rehearsal).toBe(true);
      const { opened, chunks } = await decodeRehearsal(file);
      sink.opened(opened);
      for (const { content, rows } of chunks) sink.chunk(content, rows);
    };
    return {
      engine: {
        connect: async () => connection as unknown as EngineConnection,
        keep: async (batches) => {
          kept += 1;
          return engine.keep(batches);
        },
        free: async (blocks) => {
          kept -= 1;
          engine.free(blocks);
        },
      },
      pool: { decode },
      origin: 'http://host/',
      isBusy: () => false,
      isIdle: () => Promise.resolve(true),
      ...rest,
    };
  }
  const views = () => engine.rows("SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'timestream%'");

  it('has a file whose columns all come the fast way, as what lay in memory', async () => {
    const { opened, chunks } = await decodeRehearsal(file);
    expect(opened.columns.map(({ id, field }) => [id, field.name])).toEqual(
      REHEARSAL_COLUMNS.map(({ id, name }) => [id, name]),
    );
    expect(chunks.every(({ content }) => Array.isArray(content))).toBe(true);
    expect(chunks.reduce((sum, { rows }) => sum + rows, 0)).toBe(REHEARSAL_ROWS);
  });

  it('asks queries of it that the engine answers, and leaves nothing behind', async () => {
    const failed = vi.fn<(error: unknown) => void>();
    const connect = stage().engine.connect;
    const watched = async () => {
      const connection = await connect();
      const stream = connection.stream.bind(connection);
      connection.stream = async function* rows(sql) {
        try {
          yield* stream(sql);
        } catch (error) {
          failed(error);
          throw error;
        }
      };
      return connection;
    };
    await rehearse(stage({ engine: { ...stage().engine, connect: watched } }));
    expect(failed).not.toHaveBeenCalled();
    expect(asked.length).toBeGreaterThan(20);
    expect(new Set(asked).size).toBe(2);
    expect(views()).toEqual([]);
    expect(kept).toBe(0);
  });

  it('ends for good once something is wanted', async () => {
    await rehearse(stage({ isBusy: () => asked.length >= 3 }));
    expect(asked).toHaveLength(3);
    expect(kept).toBe(0);
  });

  it('does not begin where the page does not come to rest', async () => {
    const decode = vi.fn<DecodePool['decode']>();
    await rehearse(stage({ isIdle: () => Promise.resolve(false), pool: { decode } }));
    expect(decode).not.toHaveBeenCalled();
  });

  it('ends quietly where something fails', async () => {
    const decode = () => Promise.reject(new Error('the worker ended'));
    await expect(rehearse(stage({ pool: { decode } }))).resolves.toBeUndefined();
    expect(asked).toEqual([]);
  });
});
