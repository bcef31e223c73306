import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own that is soon full. */
export interface SmallDisk {
  /** Where programs find it that are started by `via`. */
  readonly directory: string;
  /** Goes before a program's name and arguments, for it to see the disk. */
  readonly via: readonly string[];
  /** Leaves that much room, whatever there was before. */
  leave(mebibytes: number): Promise<void>;
  close(): Promise<void>;
}

const MIB = 1024 * 1024;

/**
 * Mounts one: as root where everybody sees it, else in a namespace of its own, as far as this system lets us.
 *
 * @returns why there is none, where it can't
 */
export async function openSmallDisk(mebibytes: number): Promise<SmallDisk | string> {
  if (process.platform !== 'linux') return 'only Linux has tmpfs and namespaces';
  const directory = await mkdtemp(join(tmpdir(), 'timestream-disk-'));
  const mount = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory];
  const mounted = spawnSync('mount', mount, { encoding: 'utf8' });
  if (mounted.status === 0) {
    return disk(directory, directory, [], async () => {
      // Lazily: what the programs have open still is theirs.
      spawnSync('umount', ['-l', directory]);
      await rm(directory, { recursive: true, force: true });
    });
  }
  const script = `mount ${mount.join(' ')} && echo mounted && exec sleep infinity`;
  const holder = spawn('unshare', ['-rm', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = await Promise.race([
    once(holder.stdout, 'data').then(() => false),
    once(holder, 'close').then(() => true),
    once(holder, 'error').then(() => true),
  ]);
  if (failed) {
    await rm(directory, { recursive: true, force: true });
    return `neither a mount (${mounted.stderr.trim()}) nor a namespace for one is allowed here`;
  }
  const via = ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials', '--'];
  return disk(directory, `/proc/${holder.pid}/root${directory}`, via, async () => {
    holder.kill();
    await once(holder, 'close');
    await rm(directory, { recursive: true, force: true });
  });
}

function disk(
  directory: string,
  seen: string,
  via: readonly string[],
  close: () => Promise<void>,
): SmallDisk {
  const ballast = join(seen, 'lost+found');
  return {
    directory,
    via,
    async leave(mebibytes) {
      await unlink(ballast).catch(() => undefined);
      const { bavail, bsize } = await statfs(seen);
      const size = bavail * bsize - mebibytes * MIB;
      if (size <= 0) return;
      // To the last byte: other programs may have taken some of it meanwhile.
      await writeFile(ballast, Buffer.alloc(size)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    close,
  };
}
