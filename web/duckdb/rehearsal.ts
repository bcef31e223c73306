import { blockColumn } from './engine/arrow-block.ts';
import type { EngineConnection } from './engine/connection.ts';
import type { Engine } from './engine/engine.ts';
import type { DecodePool } from './parquet/decode-pool.ts';
import type { FlatBatch } from './parquet/flat-batch.ts';
import { REHEARSAL_COLUMNS } from './parquet/rehearsal-columns.ts';
import { markRehearsed } from './user-timing.ts';

/** Until the browser has optimized what a plain query needs: two to three seconds of processor time. */
const ROUNDS = 36;
/** A page that has not come to rest by then is left alone for good. */
const IDLE_MS = 20_000;
const VIEW = 'timestream_rehearsal';
/** The whole numbers of these columns are read as amounts of money are, which most files store so. */
const AMOUNTS: ReadonlySet<string | undefined> = new Set(['price', 'quantity']);
const AMOUNT = 'd:15,2,64';

const [price, quantity, line, day, share, mode] = (
  ['price', 'quantity', 'line', 'day', 'share', 'mode'] as const
).map((name) => blockColumn(REHEARSAL_COLUMNS.findIndex((column) => column.name === name)));
/** Ways that most queries go: filters, sums with and without groups, products, a sort. */
const QUERIES = [
  `SELECT ${mode}, ${line}, count(*), sum(${price}), sum(${price} * (1 - ${quantity})), avg(${quantity}), max(${share})
   FROM ${VIEW} WHERE ${day} <= DATE '1998-09-02' GROUP BY ${mode}, ${line} ORDER BY ${mode}, ${line}`,
  `SELECT sum(${price} * ${quantity}) FROM ${VIEW}
   WHERE ${day} >= DATE '1992-01-01' AND ${quantity} < 24 AND ${price} BETWEEN 5 AND 9000`,
];

export interface RehearsalStage {
  readonly engine: Pick<Engine, 'connect' | 'keep' | 'free'>;
  readonly pool: Pick<DecodePool, 'decode'>;
  /** What files' addresses are relative to. */
  readonly origin: string;
  /** Whether something else wants the engine or the workers. */
  readonly isBusy: () => boolean;
  /** Resolves when the page has nothing to do; false where it never came to that. */
  readonly isIdle: () => Promise<boolean>;
}

/**
 * Decodes and queries made-up rows while nobody wants anything: a browser runs WebAssembly slowly until it has found
 * out what of it is worth optimizing, and so the first query of a page would pay for that. Ends for good with the first
 * thing that anybody wants, and with anything that goes wrong, which will be told when it matters.
 */
export async function rehearse(stage: RehearsalStage): Promise<void> {
  const start = performance.now();
  let connection: EngineConnection | null = null;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (!(await stage.isIdle()) || stage.isBusy()) return;
      const batches = await decodeRound(stage);
      if (stage.isBusy()) return;
      connection ??= await stage.engine.connect();
      await queryRound(stage, connection, batches, QUERIES[round % QUERIES.length] ?? '');
    }
    markRehearsed(start);
  } catch {
    // As above.
  } finally {
    await connection?.close().catch(() => undefined);
  }
}

/** When the page is idle, as the browser tells it; later, where it does not. */
export function pageIdle(): Promise<boolean> {
  return new Promise((resolve) => {
    if (!('requestIdleCallback' in globalThis)) {
      setTimeout(() => resolve(true), 100);
      return;
    }
    requestIdleCallback(({ didTimeout }) => resolve(!didTimeout), { timeout: IDLE_MS });
  });
}

async function decodeRound({ pool, origin }: RehearsalStage): Promise<readonly FlatBatch[]> {
  const batches: FlatBatch[] = [];
  await pool.decode(
    {
      url: new URL('/data/rehearsal.parquet', origin).href,
      bytes: 0,
      columns: REHEARSAL_COLUMNS,
      nameMapping: null,
      rehearsal: true,
    },
    {
      opened: () => undefined,
      chunk: (content) => {
        if (!(content instanceof Uint8Array)) batches.push(...content);
      },
    },
    // Never stopped: to stop a worker is to start another one.
    new AbortController().signal,
    () => 1,
  );
  return batches;
}

async function queryRound(
  { engine }: RehearsalStage,
  connection: EngineConnection,
  batches: readonly FlatBatch[],
  sql: string,
): Promise<void> {
  const blocks = await engine.keep(batches.map(withAmounts));
  try {
    const [block] = blocks;
    if (block === undefined) return;
    await connection.expose([{ view: VIEW, block }]);
    try {
      // Its rows are nobody's.
      for await (const _ of connection.stream(sql));
    } finally {
      await connection.hide([VIEW]);
    }
  } finally {
    await engine.free(blocks);
  }
}

function withAmounts(batch: FlatBatch): FlatBatch {
  const columns = batch.columns.map((column, index) =>
    AMOUNTS.has(REHEARSAL_COLUMNS[index]?.name) ? { ...column, format: AMOUNT } : column,
  );
  return { ...batch, columns };
}
