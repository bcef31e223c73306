import { cpus } from 'node:os';

/** One line of a benchmark: ours against a peer on the same data in the same run. */
export interface BenchCase {
  readonly name: string;
  /** What is done, so that a reader knows what the figure is of. */
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** ours / peerValue; null where there is no peer. */
  readonly ratio: number | null;
  readonly aim: string | null;
  readonly better: 'lower' | 'higher';
  /** Null where there is no aim. */
  readonly met: boolean | null;
  /** Why there is no peer, or what a reader should know. */
  readonly note?: string;
}

interface Measured {
  readonly name: string;
  readonly work: string;
  readonly ours: () => Promise<number>;
  /** Measured in turn with ours, so that a machine whose speed drifts treats both alike. */
  readonly peer?: { readonly name: string; readonly run: () => Promise<number> };
  /** The most that ours / peer may be. */
  readonly aim?: number;
  /** The most that ours may be where there is no peer. */
  readonly limit?: number;
  readonly runs?: number;
  readonly note?: string;
}

const RUNS = 5;

/** Medians in milliseconds of at least five runs, after one that is not counted. */
export async function measure({
  name,
  work,
  ours,
  peer,
  aim,
  limit,
  runs = RUNS,
  note,
}: Measured): Promise<BenchCase> {
  const mine: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const own = await ours();
    const other = await peer?.run();
    if (run === 0) continue;
    mine.push(own);
    if (other !== undefined) theirs.push(other);
  }
  return ratioCase({
    name,
    work,
    unit: 'ms',
    ours: median(mine),
    ...(peer === undefined ? {} : { peer: peer.name, peerValue: median(theirs) }),
    ...(aim === undefined ? {} : { aim }),
    ...(limit === undefined ? {} : { limit }),
    ...(note === undefined ? {} : { note }),
  });
}

/**
 * A case of values that are measured already; the lower the better. The aim is the most that ours / peer may be; the
 * limit, where there is no peer, the most that ours may.
 */
export function ratioCase(measured: {
  readonly name: string;
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer?: string;
  readonly peerValue?: number;
  readonly aim?: number;
  readonly limit?: number;
  readonly note?: string;
}): BenchCase {
  const { name, work, unit, ours, peer = null, peerValue = null, aim, limit, note } = measured;
  const ratio = peerValue === null ? null : ours / peerValue;
  const metBy = () => {
    if (aim !== undefined && ratio !== null) return ratio <= aim;
    return limit === undefined ? null : ours <= limit;
  };
  return {
    name,
    work,
    unit,
    ours: round(ours),
    peer,
    peerValue: peerValue === null ? null : round(peerValue),
    ratio: ratio === null ? null : round(ratio),
    aim: aim !== undefined ? `<= ${round(aim)}` : limit === undefined ? null : `<= ${limit} ${unit}`,
    better: 'lower',
    met: metBy(),
    ...(note === undefined ? {} : { note }),
  };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Prints a table for people, or one JSON object as the last line for programs. */
export function report(bench: string, cases: readonly BenchCase[], json: boolean): void {
  const machine = machineName();
  if (json) {
    console.log(JSON.stringify({ bench, machine, cases }));
    return;
  }
  console.log(`\n${bench} · ${machine}\n`);
  for (const one of cases) {
    const against =
      one.peer === null ? (one.note ?? '') : `${one.peer} ${one.peerValue} ${one.unit}, ratio ${one.ratio}`;
    const aim = one.aim === null ? '' : `  aim ${one.aim}: ${one.met === true ? 'met' : 'MISSED'}`;
    console.log(`  ${one.name.padEnd(34)} ${String(one.ours).padStart(9)} ${one.unit}   ${against}${aim}`);
    if (one.peer !== null && one.note !== undefined) console.log(`      ${one.note}`);
  }
}

export function machineName(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
