import { setTimeout as sleep } from 'node:timers/promises';
import type { FsckResult } from '#shared/contract/fsck.ts';
import { readConfig } from '../config.ts';
import { openLakehouse } from '../lakehouse.ts';
import { fsck } from '../services/fsck/index.ts';
import { startChild } from './child-script.ts';
import { loadLine, stepsFound, type DoneStep, type FoundState } from './write-load.ts';

/** Of all kills, those while a server is still starting. */
const WHILE_STARTING = 0.2;
const STARTING_MS = 3_000;
const WRITING_MS = 2_000;
/** Everything that there is is looked at as often, beside what every start looks at. */
const FSCK_EVERY = 50;

export interface KillLoopOptions {
  /** Of buildChildScript, from write-load-child.ts. */
  readonly script: string;
  readonly folder: string;
  /** PostgreSQL instead of the embedded database; it is not killed. */
  readonly databaseUrl?: string;
  readonly kills: number;
  readonly progress?: (line: string) => void;
}

export interface KillLoopResult {
  readonly kills: number;
  /** Servers that came as far as to write. */
  readonly started: number;
  /** Steps that were told to be done. */
  readonly acknowledged: number;
  /** Commits of main that these made. */
  readonly commits: number;
  /** Steps that had happened when a server was killed before it said so. */
  readonly unsaid: number;
  readonly fsck: FsckResult;
}

/**
 * Starts a server that writes, kills it at a random moment, and again. After each kill the next server says what it
 * finds: everything that was acknowledged, at most one step more of each worker, and nothing by halves; the log of
 * main has what was acknowledged, in order.
 *
 * @throws Error at the first thing that is not so, or that fsck finds
 */
export async function killLoop(options: KillLoopOptions): Promise<KillLoopResult> {
  const { kills, progress = () => undefined } = options;
  const ledger = new Ledger();
  let clean: FsckResult | null = null;
  for (let kill = 1; kill <= kills; kill += 1) {
    await writeUntilKilled(options, ledger, kill === 1 ? 0 : WHILE_STARTING);
    if (kill % FSCK_EVERY === 0 || kill === kills) {
      clean = await checkWhole(options, ledger, kill === kills);
      const { acknowledged, commits } = ledger;
      progress(`${kill} kills: ${acknowledged} steps acknowledged, ${commits.size} commits, fsck clean`);
    }
  }
  if (clean === null) throw new Error('There is nothing to check without a kill.');
  const { started, acknowledged, commits, unsaid } = ledger;
  return { kills, started, acknowledged, commits: commits.size, unsaid, fsck: clean };
}

async function writeUntilKilled(
  { script, folder, databaseUrl }: KillLoopOptions,
  ledger: Ledger,
  whileStarting: number,
): Promise<void> {
  const child = startChild(script, [folder, databaseUrl ?? '']);
  let begun: () => void = () => undefined;
  const writes = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const read = async () => {
    for (let line = await child.line(); line !== null; line = await child.line()) {
      const said = loadLine.parse(JSON.parse(line));
      if (said.kind === 'refused') throw new Error(`${said.worker} was refused: ${said.answer}`);
      if (said.kind === 'found') ledger.find(said);
      else {
        ledger.add(said);
        begun();
      }
    }
  };
  const reading = read();
  try {
    if (Math.random() < whileStarting) await Promise.race([sleep(Math.random() * STARTING_MS), reading]);
    else {
      await Promise.race([writes, reading]);
      await Promise.race([sleep(Math.random() * WRITING_MS), reading]);
    }
  } finally {
    child.process.kill('SIGKILL');
  }
  await reading;
  const ended = await child.ended;
  if (ended !== 'SIGKILL') throw new Error(`The server ended by itself: ${ended}`);
}

/** @param deep every data file is opened, too */
async function checkWhole(
  { folder, databaseUrl = '' }: KillLoopOptions,
  ledger: Ledger,
  deep: boolean,
): Promise<FsckResult> {
  const environment = {
    LAKEHOUSE_DIR: folder,
    DATABASE_URL: databaseUrl,
    ENGINE_MEMORY: '512MB',
    ENGINE_THREADS: '1',
    LOG_LEVEL: 'silent',
  };
  const lakehouse = await openLakehouse(readConfig(environment, {}));
  const { ctx } = lakehouse;
  try {
    const { hash } = await ctx.catalog.getRef('main');
    const { commits } = await ctx.catalog.log(hash, { limit: 1_000_000 });
    ledger.checkLog(commits.map((commit) => commit.hash).reverse());
    const result = await fsck(ctx, { deep });
    if (!result.clean) throw new Error(`fsck found ${JSON.stringify(result.faults.slice(0, 5))}`);
    return result;
  } finally {
    await lakehouse.close();
  }
}

/** What clients were told. */
class Ledger {
  started = 0;
  acknowledged = 0;
  unsaid = 0;
  readonly commits = new Set<string>();
  private readonly steps = new Map<string, number>();
  private readonly inOrder = new Map<string, string[]>();

  add({ worker, step, commit }: DoneStep): void {
    if (step !== null) {
      const next = this.steps.get(worker) ?? 0;
      if (step !== next) throw new Error(`${worker} went on with step ${step}, and not ${next}.`);
      this.steps.set(worker, step + 1);
      this.acknowledged += 1;
    }
    if (commit === null) return;
    this.commits.add(commit);
    this.inOrder.set(worker, [...(this.inOrder.get(worker) ?? []), commit]);
  }

  find(found: FoundState): void {
    this.started += 1;
    for (const [worker, happened] of stepsFound(found)) {
      const told = this.steps.get(worker) ?? 0;
      if (happened !== told && happened !== told + 1)
        throw new Error(`${worker} was told of ${told} steps, and ${happened} are there.`);
      this.unsaid += happened - told;
      this.steps.set(worker, happened);
    }
    this.checkLog(found.log);
  }

  /** @param log of main, oldest first */
  checkLog(log: readonly string[]): void {
    const places = new Map(log.map((hash, index) => [hash, index]));
    for (const [worker, hashes] of this.inOrder) {
      let last = -1;
      for (const hash of hashes) {
        const place = places.get(hash);
        if (place === undefined) throw new Error(`${worker}'s commit ${hash} is not in the log.`);
        if (place < last) throw new Error(`${worker}'s commit ${hash} is before an older one in the log.`);
        last = place;
      }
    }
  }
}
