import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildChildScript, startChild } from '#server/testing/child-script.ts';
import { openDatabase } from './open-database.ts';
import { createSettingRepository } from './setting-repository.ts';
import { testDump } from './testing.ts';

const run = promisify(execFile);
let top: string;
let dump: Blob;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'timestream-pglite-'));
  dump = await testDump();
});
afterAll(() => rm(top, { recursive: true, force: true }));

describe('the embedded database', () => {
  it('is whole or absent when its first start is killed, and loses nothing that was acknowledged', async () => {
    const script = await buildChildScript(new URL('../testing/open-database-child.ts', import.meta.url));
    const directory = join(top, 'killed', 'metadata');
    for (const stop of ['while it is made', 'while it is written to'] as const) {
      const child = startChild(script, [directory]);
      expect(await child.line()).toBe('opening');
      let acknowledged = 0;
      if (stop === 'while it is made') {
        while (!(await readdir(dirname(directory)).catch(() => [])).some((name) => name.includes('.new-'))) {
          await sleep(5);
        }
      } else {
        for (let line = await child.line(); Number(line) < 20; line = await child.line()) {
          if (line === null) throw new Error('the child ended');
        }
        acknowledged = 20;
      }
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      for (let line = await child.line(); line !== null; line = await child.line())
        acknowledged = Number(line);
      if (stop === 'while it is made') {
        expect(await readdir(dirname(directory))).toEqual([expect.stringContaining('metadata.new-')]);
        continue;
      }
      const database = await openDatabase({ kind: 'pglite', directory });
      const stored = Number(await createSettingRepository(database.db).get('number'));
      expect(stored - acknowledged).toBeGreaterThanOrEqual(0);
      expect(stored - acknowledged).toBeLessThanOrEqual(1);
      await database.close();
      expect(await readdir(dirname(directory))).toEqual(['metadata']);
    }
    await rm(dirname(script), { recursive: true });
  });

  it('keeps what was written over a restart', async () => {
    const directory = join(top, 'kept');
    const one = await openDatabase({ kind: 'pglite', directory, dump });
    await createSettingRepository(one.db).set('demo', 'done');
    await one.close();
    const two = await openDatabase({ kind: 'pglite', directory });
    expect(await createSettingRepository(two.db).get('demo')).toBe('done');
    await two.close();
  });

  it('has the disk sync the log before a commit is acknowledged, and nothing for a read', async () => {
    const database = await openDatabase({ kind: 'pglite', directory: join(top, 'synced'), dump });
    const synced = vi.spyOn(fs, 'fdatasyncSync');
    try {
      const settings = createSettingRepository(database.db);
      await settings.set('a', 'one');
      expect(synced).toHaveBeenCalled();
      const log = synced.mock.calls.at(-1)?.[0] ?? -1;
      expect(await readlink(`/proc/self/fd/${log}`).catch(() => 'pg_wal')).toContain('pg_wal');
      synced.mockClear();
      await settings.get('a');
      expect(synced).not.toHaveBeenCalled();
    } finally {
      synced.mockRestore();
      await database.close();
    }
  });

  it('leaves alone a folder that holds something else, and says so of a broken one', async () => {
    const other = join(top, 'other');
    await mkdir(other);
    await writeFile(join(other, 'thesis.txt'), 'precious');
    await expect(openDatabase({ kind: 'pglite', directory: other })).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      message: expect.stringContaining('holds something else') as string,
    });
    expect(await readdir(other)).toEqual(['thesis.txt']);

    const broken = join(top, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'PG_VERSION'), '17\n');
    await expect(openDatabase({ kind: 'pglite', directory: broken })).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      context: { directory: broken },
    });
  });

  it('refuses a schema that a newer version has changed', async () => {
    const directory = join(top, 'newer');
    const database = await openDatabase({ kind: 'pglite', directory, dump });
    await database.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)`,
    );
    await database.close();
    await expect(openDatabase({ kind: 'pglite', directory })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('newer version') as string,
    });
  });

  it('refuses to write on a full disk, goes on reading, and writes again once there is space', async (context) => {
    const mount = join(top, 'small');
    await mkdir(mount);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', mount]);
    } catch {
      context.skip('a small file system can only be mounted as root');
    }
    try {
      const database = await openDatabase({ kind: 'pglite', directory: join(mount, 'metadata'), dump });
      const settings = createSettingRepository(database.db);
      await settings.set('a', 'before');
      await writeFile(join(mount, 'filler'), new Uint8Array(120 * 1024 * 1024));
      const full = { code: 'STORAGE_FULL', message: expect.stringContaining('free some space') as string };
      await expect(settings.set('a', 'after')).rejects.toMatchObject(full);
      await expect(database.db.transaction((tx) => tx.execute(sql`select 1`))).rejects.toMatchObject(full);
      expect(await settings.get('a')).toBe('before');
      await rm(join(mount, 'filler'));
      await settings.set('a', 'after');
      expect(await settings.get('a')).toBe('after');
      await database.close();
    } finally {
      // PGlite keeps some files open after its close.
      await run('umount', ['-l', mount]);
    }
  });
});

describe('a PostgreSQL server that is not there', () => {
  it('is named with what to check, and without its password', async () => {
    const url = 'postgres://ada:secret@127.0.0.1:1/timestream';
    const error: unknown = await openDatabase({ kind: 'postgres', url }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(String(error)).toMatch(/DATABASE_URL.*Check that it runs/);
    expect(String(error)).not.toContain('secret');
  });
});
