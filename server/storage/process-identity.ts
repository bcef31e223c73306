import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** Names one run of one process: a pid alone is used again after the process has ended. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in whatever unit the system gives; null where it can't be told. */
  readonly startedAt: string | null;
  /** Pids mean something only within this boot of this machine (and container). */
  readonly realm: string;
}

let own: Promise<ProcessIdentity> | undefined;

export function ownIdentity(): Promise<ProcessIdentity> {
  own ??= (async () => ({
    pid: process.pid,
    startedAt: (await runningProcess(process.pid))?.startedAt ?? null,
    realm: await currentRealm(),
  }))();
  return own;
}

/** `unknown`: it belongs to another machine, container or boot, where this process can't look. */
export async function liveness(identity: ProcessIdentity): Promise<'alive' | 'dead' | 'unknown'> {
  const self = await ownIdentity();
  if (identity.realm !== self.realm) return 'unknown';
  const running = await runningProcess(identity.pid);
  if (running === null) return 'dead';
  if (identity.startedAt === null || running.startedAt === null) return 'alive';
  return identity.startedAt === running.startedAt ? 'alive' : 'dead';
}

async function currentRealm(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Null where no such process runs; a zombie has ended, though its pid is still taken. */
async function runningProcess(pid: number): Promise<{ startedAt: string | null } | null> {
  if (process.platform === 'linux') {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The second field is the program's name in brackets and may hold anything, brackets and spaces too.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : { startedAt: fields[19] ?? null };
    } catch {
      return null;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return null;
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return { startedAt: stdout.trim() || null };
  } catch {
    return { startedAt: null };
  }
}
