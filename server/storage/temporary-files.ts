import { randomUUID } from 'node:crypto';
import { mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { liveness, ownIdentity } from './process-identity.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * A fresh path in `folder`, which may have to be made, for a file that is not visible yet. The name says which process writes it, so that
 * a sweep by another one can tell a crash's leftovers from work that is still going on.
 */
export async function temporaryPath(folder: string): Promise<string> {
  const { pid, startedAt, realm } = await ownIdentity();
  const owner = JSON.stringify([pid, startedAt, realm]);
  return join(folder, `${Buffer.from(owner).toString('base64url')}.${randomUUID()}`);
}

/** Makes the folder and removes what processes that have ended left in it. */
export async function sweepTemporaryFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path, name)) await unlink(path).catch(() => undefined);
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const owner = parseOwner(name);
  const state = owner === null ? 'unknown' : await liveness(owner);
  if (state !== 'unknown') return state === 'dead';
  // Another machine's, perhaps still being written: no write of one file takes a day.
  const info = await stat(path).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > DAY;
}

function parseOwner(name: string): { pid: number; startedAt: string | null; realm: string } | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(name.split('.')[0] ?? '', 'base64url').toString());
    if (!Array.isArray(parsed)) return null;
    const [pid, startedAt, realm] = parsed as unknown[];
    if (typeof pid !== 'number' || typeof realm !== 'string') return null;
    return { pid, startedAt: typeof startedAt === 'string' ? startedAt : null, realm };
  } catch {
    return null;
  }
}
