import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { liveness, ownIdentity } from './process-identity.ts';
import { errno, storageError } from './storage-error.ts';

const HEARTBEAT_MS = 2_000;
/** An owner in another container or boot, whose pid says nothing here, is gone when it misses four beats. */
const SILENCE_MS = 4 * HEARTBEAT_MS;
/** Older claims that stay for whoever still looks at them; see claimNext. */
const KEPT_CLAIMS = 8;

const claim = z.object({
  id: z.string(),
  pid: z.number().int(),
  startedAt: z.string().nullable(),
  realm: z.string(),
  url: z.string(),
  released: z.boolean(),
});
type Claim = z.infer<typeof claim>;

export interface LakehouseLock {
  /** Also happens when the process ends, however it ends. */
  release(): Promise<void>;
}

export interface LakehouseLockOptions {
  /** Where the owner answers, for whoever is refused. */
  readonly url: string;
  /** How long an owner that can't be looked at is watched for a heartbeat; for tests. */
  readonly silenceMs?: number;
}

/**
 * Makes this process the only one that has the lakehouse folder. A lock whose owner was killed is taken over;
 * the owner is known by its pid and the time it started, so a pid that another program got does not block.
 *
 * The folder `owner/` holds numbered claims, and the highest is the one that counts. A claim is made by a link
 * to the next number, which succeeds for exactly one of many, and only once the highest is known to be dead
 * or released. Numbers only grow, so a starter that judged an old claim can't take a newer one away.
 *
 * @throws AppError ALREADY_RUNNING, with pid and url of the other; STORAGE_FULL, UNAVAILABLE
 */
export async function acquireLakehouseLock(
  directory: string,
  options: LakehouseLockOptions,
): Promise<LakehouseLock> {
  const { url, silenceMs = SILENCE_MS } = options;
  const folder = join(directory, 'owner');
  try {
    await mkdir(folder, { recursive: true });
    const own: Claim = { ...(await ownIdentity()), id: randomUUID(), url, released: false };
    for (;;) {
      const highest = await highestClaim(folder);
      if (highest !== null) {
        const standing = await readClaim(folder, highest);
        if (standing === 'gone') continue;
        if (standing !== 'torn' && (await isHeld(folder, highest, standing, silenceMs))) {
          throw refused(directory, standing);
        }
      }
      const number = await claimNext(folder, highest ?? 0, own);
      if (number !== null) return hold(folder, number, own);
    }
  } catch (error) {
    throw storageError(error, `file://${folder}`);
  }
}

async function claimNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function highestClaim(folder: string): Promise<number | null> {
  const numbers = await claimNumbers(folder);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

/** `gone`: removed by the owner of a higher one. `torn`: no claim of ours, which are whole from the start. */
async function readClaim(folder: string, number: number): Promise<Claim | 'gone' | 'torn'> {
  let text: string;
  try {
    text = await readFile(join(folder, String(number)), 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    return claim.parse(JSON.parse(text));
  } catch {
    return 'torn';
  }
}

async function isHeld(folder: string, number: number, owner: Claim, silenceMs: number): Promise<boolean> {
  if (owner.released) return false;
  const state = await liveness(owner);
  if (state !== 'unknown') return state === 'alive';
  // Whether the beat moves is seen without comparing the clocks of two machines.
  const path = join(folder, String(number));
  const before = await stat(path).catch(() => null);
  await sleep(silenceMs);
  const after = await stat(path).catch(() => null);
  return before?.mtimeMs !== after?.mtimeMs;
}

/**
 * Links a claim one above the highest; null where another starter was faster. A starter that was slow may find
 * its number free again because claims below the owner's are cleared away, so it looks once more whether its
 * own is the highest. The last few claims stay, so that this look can't miss all of them while they change.
 */
async function claimNext(folder: string, highest: number, own: Claim): Promise<number | null> {
  const number = highest + 1;
  const path = join(folder, String(number));
  const whole = join(folder, own.id);
  await writeFile(whole, JSON.stringify(own), { mode: 0o600 });
  try {
    await link(whole, path);
  } catch (error) {
    if (errno(error) === 'EEXIST') return null;
    throw error;
  } finally {
    await unlink(whole);
  }
  const numbers = await claimNumbers(folder);
  if (Math.max(...numbers) > number) {
    await unlink(path);
    return null;
  }
  for (const old of numbers.filter((other) => other <= number - KEPT_CLAIMS)) {
    await unlink(join(folder, String(old))).catch(() => undefined);
  }
  return number;
}

function hold(folder: string, number: number, own: Claim): LakehouseLock {
  const path = join(folder, String(number));
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed beat is not the end: only owners that can't be looked at are judged by it, after several.
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      // The claim stays, marked, so that numbers go on growing.
      const marked = join(folder, `${own.id}.released`);
      try {
        await writeFile(marked, JSON.stringify({ ...own, released: true }), { mode: 0o600 });
        await rename(marked, path);
      } catch (error) {
        // Without its folder there is nothing left to own.
        if (errno(error) !== 'ENOENT') throw storageError(error, `file://${path}`);
      }
    },
  };
}

function refused(directory: string, owner: Claim): AppError {
  return new AppError(
    'ALREADY_RUNNING',
    `Another TimeStream has the lakehouse ${directory} open: process ${owner.pid}, at ${owner.url}. Use that one, stop it, or choose another folder with --lakehouse or LAKEHOUSE_DIR.`,
    { context: { directory, pid: owner.pid, url: owner.url } },
  );
}
