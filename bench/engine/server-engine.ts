import { Agent, request } from 'node:http';
import { tableFromIPC } from 'apache-arrow';
import { ARROW_STREAM } from '#shared/contract/query.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { E2E_TOKEN } from '../../e2e/fixtures/server.ts';
import { measure, median, ratioCase, timed, type BenchCase } from '../harness.ts';
import { overParquet, type FilesOf } from './peer.ts';
import { tpchQueries } from './tpch-queries.ts';

const RUNS = 5;
const ROWS = 1_000_000;
const FLIGHTS = 'bronze.flights';
const agent = new Agent({ keepAlive: true });

/** The server's engine over HTTP, its answers in Arrow, against DuckDB in this process over the same files. */
export async function serverEngine(url: string, files: FilesOf): Promise<BenchCase[]> {
  const native = await overParquet(files);
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (const { sql } of tpchQueries()) {
      const mine: number[] = [];
      const other: number[] = [];
      for (let run = 0; run <= RUNS; run++) {
        const text = fresh(sql, run);
        const times = [await timed(() => ask(url, text)), await native.time(text)] as const;
        if (run === 0) continue;
        mine.push(times[0]);
        other.push(times[1]);
      }
      ours.push(median(mine));
      theirs.push(median(other));
    }
    const mean = (values: readonly number[]) =>
      Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
    const stream = (table: string) =>
      `SELECT date, delay, distance, origin, destination FROM ${table} LIMIT ${ROWS}`;
    return [
      ratioCase({
        name: 'server-tpch',
        work: `geometric mean of TPC-H's ${ours.length} queries over HTTP, answers in Arrow`,
        unit: 'ms',
        ours: mean(ours),
        peer: 'native DuckDB in this process, over the same Parquet files',
        peerValue: mean(theirs),
        aim: 1.15,
        note: `Plan included. Slowest against the peer: ${slowest(ours, theirs)}.`,
      }),
      await measure({
        name: 'server-stream',
        work: '5 columns of 1,000,000 rows over HTTP as an Arrow stream, read to its last byte',
        aim: 1.15,
        ours: () => streamTime(url, stream(FLIGHTS)),
        peer: {
          name: 'native DuckDB in this process: all chunks of the same query',
          run: () => timed(() => native.chunks(stream(files(FLIGHTS)))),
        },
      }),
    ];
  } finally {
    native.close();
    agent.destroy();
  }
}

/** The same query as another text with other constants, which no cache of answers knows. */
const fresh = (sql: string, run: number) =>
  `SELECT * FROM (${sql}) AS answer WHERE ${run} + ${process.pid} >= 0`;

function slowest(ours: readonly number[], theirs: readonly number[]): string {
  return ours
    .map((value, at) => ({ name: `q${String(at + 1).padStart(2, '0')}`, ratio: value / (theirs[at] ?? 1) }))
    .toSorted((a, b) => b.ratio - a.ratio)
    .slice(0, 4)
    .map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}`)
    .join(', ');
}

/**
 * The answer to its last byte. By Node's own client, since its `fetch` spends more on a million rows than the server does.
 *
 * @returns its pieces
 */
function ask(url: string, sql: string): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      method: 'POST',
      headers: {
        authorization: `Bearer ${E2E_TOKEN}`,
        'content-type': 'application/json',
        accept: ARROW_STREAM,
      },
    };
    const question = request(`${url}/api/v1/query`, options, (answer) => {
      const pieces: Uint8Array[] = [];
      answer.on('data', (piece: Uint8Array) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(pieces);
        else
          reject(new AppError('INTERNAL', `The server does not answer: ${Buffer.concat(pieces).toString()}`));
      });
    });
    question.on('error', reject);
    question.end(JSON.stringify({ sql, engine: 'server', limit: ROWS, cache: false }));
  });
}

/** Time until all of a million rows are in the client, as Arrow and not decoded: the peer's chunks are not either. */
async function streamTime(url: string, sql: string): Promise<number> {
  let pieces: readonly Uint8Array[] = [];
  const time = await timed(async () => {
    pieces = await ask(url, sql);
  });
  const { numRows } = tableFromIPC(Buffer.concat(pieces));
  if (numRows !== ROWS) throw new AppError('INTERNAL', `The answer has ${numRows} rows, not ${ROWS}.`);
  return time;
}
