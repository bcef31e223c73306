import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { liveness, ownIdentity } from './process-identity.ts';
import { errno } from './storage-error.ts';

const HEARTBEAT_MS = 10_000;
/** An owner on another machine or in another container is believed gone after six missed heartbeats. */
const SILENT_MS = 6 * HEARTBEAT_MS;
/** Longer than two starters can be apart between judging a lock stale and taking it. */
const SETTLE_MS = 60;
const ATTEMPTS = 20;

const lockFile = z.object({
  id: z.string(),
  pid: z.number().int(),
  startedAt: z.string().nullable(),
  realm: z.string(),
  url: z.string(),
});

export interface LakehouseLock {
  /** Also happens when the process ends, however it ends. */
  release(): Promise<void>;
}

/**
 * Makes this process the only one that has the lakehouse folder. A lock whose owner was killed is taken over;
 * the owner is known by its pid and the time it started, so a pid that another program got does not block.
 *
 * @param info.url where the owner answers, for whoever is refused
 * @throws ALREADY_RUNNING
 */
export async function acquireLakehouseLock(
  directory: string,
  info: { readonly url: string },
): Promise<LakehouseLock> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'lock');
  const id = randomUUID();
  const text = JSON.stringify({ ...(await ownIdentity()), id, url: info.url });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await putWhole(path, text)) return hold(path, id);
    const standing = await readLock(path);
    if (standing === null) continue;
    if (await isHeld(path, standing)) throw refused(directory, standing);
    await removeStale(path, standing);
    // Another starter may have judged the same lock, a little later, and moved one that was new: let it settle.
    await sleep(SETTLE_MS * (1 + Math.random()));
  }
  throw new AppError(
    'ALREADY_RUNNING',
    `The lock of ${directory} changes hands all the time; is something restarting servers there?`,
    {
      context: { directory },
    },
  );
}

/** A link appears with all its content or not at all, and only where nothing stands. */
async function putWhole(path: string, text: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, text, { mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (errno(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(own);
  }
}

async function readLock(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return null;
    throw error;
  }
}

async function isHeld(path: string, text: string): Promise<boolean> {
  const owner = parse(text);
  if (owner === null) return false;
  const state = await liveness(owner);
  if (state !== 'unknown') return state === 'alive';
  const beat = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - beat < SILENT_MS;
}

/** Of several starters that found the same stale lock, one gets to move it. */
async function removeStale(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errno(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  // It was replaced between judging and moving: give the new owner its lock back.
  if (moved !== judged) await link(aside, path).catch(() => {});
  await unlink(aside);
}

async function hold(path: string, id: string): Promise<LakehouseLock> {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed beat is not the end: only owners on other machines are judged by it, after several.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      const standing = await readLock(path);
      if (standing !== null && parse(standing)?.id === id) await unlink(path);
    },
  };
}

function parse(text: string) {
  try {
    return lockFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function refused(directory: string, text: string): AppError {
  const owner = parse(text);
  return new AppError(
    'ALREADY_RUNNING',
    `Another TimeStream has the lakehouse ${directory} open: process ${owner?.pid ?? '?'}, at ${owner?.url ?? '?'}. Use that one, stop it, or choose another folder with LAKEHOUSE_DIR.`,
    { context: { directory, pid: owner?.pid, url: owner?.url } },
  );
}
