import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChildScript, startChild } from '#server/testing/child-script.ts';
import { createLocalFileIO } from './local-file-io.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;
let top: string;
let script: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'local-file-io-crash-'));
  script = await buildChildScript(new URL('./testing/put-child.ts', import.meta.url));
});
afterAll(async () => {
  await rm(top, { recursive: true, force: true });
  await rm(dirname(script), { recursive: true, force: true });
});

/** Numbers of the objects that are visible; fails where one is not whole. */
async function wholeObjects(rootDirectory: string, size: number): Promise<number[]> {
  const io = await createLocalFileIO({ rootDirectory });
  const found: number[] = [];
  for await (const entry of io.list(io.root)) {
    const number = Number(entry.location.split('/').at(-1));
    expect(entry.size).toBe(size);
    expect(Buffer.from(await io.read(entry.location)).equals(Buffer.alloc(size, number))).toBe(true);
    found.push(number);
  }
  return found.sort((a, b) => a - b);
}

describe('a local FileIO whose process is killed', () => {
  it('shows nothing of an object whose put was cut off, and everything that was acknowledged', async () => {
    const size = 24 * MIB;
    let cutOff = 0;
    for (let round = 0; round < 4; round++) {
      const rootDirectory = join(top, `killed-${round}`);
      const child = startChild(script, [rootDirectory, String(size), '200']);
      expect(await child.line()).toBe('ready');
      const acknowledged: number[] = [];
      for (let stop = false; !stop;) {
        const number = Number(await child.line());
        acknowledged.push(number);
        stop = number > round % 3;
      }
      // Kill it where the next object is partly written: its temporary file is there.
      const temporary = join(rootDirectory, '.tmp');
      while ((await readdir(temporary)).length === 0) await sleep(1);
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      for (let line = await child.line(); line !== null; line = await child.line()) {
        acknowledged.push(Number(line));
      }
      if ((await readdir(temporary)).length > 0) cutOff++;

      const visible = await wholeObjects(rootDirectory, size);
      expect(visible.slice(0, acknowledged.length)).toEqual(acknowledged);
      // The one in flight may have landed unacknowledged, never more.
      expect(visible.length - acknowledged.length).toBeLessThanOrEqual(1);
      expect(await readdir(temporary)).toEqual([]);
      await rm(rootDirectory, { recursive: true });
    }
    expect(cutOff).toBeGreaterThan(0);
  });

  it('does not take away the unfinished files of a process that lives', async () => {
    const rootDirectory = join(top, 'shared');
    const child = startChild(script, [rootDirectory, String(2 * MIB), '12']);
    expect(await child.line()).toBe('ready');
    for (let line = await child.line(); line !== null; line = await child.line()) {
      expect(line).toMatch(/^\d+$/);
      await createLocalFileIO({ rootDirectory });
    }
    expect(await child.ended).toBe(0);
    expect(await wholeObjects(rootDirectory, 2 * MIB)).toHaveLength(12);
  });
});

describe('a local FileIO on a full disk', () => {
  it('says so, keeps nothing of the object, and goes on once there is space', async (context) => {
    const mount = join(top, 'small');
    await mkdir(mount);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]);
    } catch {
      context.skip('a file system of one MiB can only be mounted as root');
    }
    try {
      const io = await createLocalFileIO({ rootDirectory: join(mount, 'warehouse') });
      await io.putIfAbsent(`${io.root}/first`, new Uint8Array(MIB / 2));
      const tooBig = new Uint8Array(MIB);
      await expect(io.putIfAbsent(`${io.root}/second`, tooBig)).rejects.toMatchObject({
        code: 'STORAGE_FULL',
        message: expect.stringMatching(/storage is full: .*second .*free some space/) as string,
        context: { location: `${io.root}/second` },
      });
      expect(await io.exists(`${io.root}/second`)).toBe(false);
      expect(await readdir(join(mount, 'warehouse', '.tmp'))).toEqual([]);
      await io.delete(`${io.root}/first`);
      await io.putIfAbsent(`${io.root}/second`, new Uint8Array(MIB / 2));
      expect((await io.stat(`${io.root}/second`)).size).toBe(MIB / 2);
    } finally {
      await run('umount', [mount]);
    }
  });

  it('says so where a limit on file sizes ends a write', async (context) => {
    if (process.platform === 'win32') context.skip('Windows has no ulimit');
    const rootDirectory = join(top, 'limited');
    const limited = ['sh', '-c', 'ulimit -f 64 && exec "$@"', 'sh'];
    const child = startChild(script, [rootDirectory, String(MIB), '1'], limited);
    expect(await child.line()).toBe('ready');
    expect(await child.line()).toMatch(/^STORAGE_FULL .*a file may not grow so large/);
    await child.ended;
    expect(await wholeObjects(rootDirectory, MIB)).toEqual([]);
    expect(await readdir(join(rootDirectory, '.tmp'))).toEqual([]);
  });
});
