import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildChildScript, startChild } from './testing/child-script.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let script: string;
let child: string;
let folder: string;
beforeAll(async () => {
  script = await buildChildScript(new URL('./main.ts', import.meta.url));
  child = await buildChildScript(new URL('./testing/prepare-folder-child.ts', import.meta.url));
});
afterAll(async () => {
  for (const path of [script, child]) await rm(dirname(path), { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-start-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

/** Starts the real program; one that comes up, or hangs, is ended. */
async function start(lakehouse: string, env: Record<string, string> = {}): Promise<Ended> {
  const server = spawn(process.execPath, [script, 'serve', '--no-demo', '--lakehouse', lakehouse], {
    env: { PATH: process.env['PATH'], HOME: folder, PORT: '0', ...env },
    cwd: '/',
  });
  let out = '';
  let said = '';
  const closed = once(server, 'close');
  server.stderr.on('data', (data: Buffer) => (said += data.toString()));
  server.stdout.on('data', (data: Buffer) => {
    const isUp = out.includes('?token=');
    out += data.toString();
    if (!isUp && out.includes('?token=')) server.kill('SIGTERM');
  });
  const timer = setTimeout(() => server.kill('SIGKILL'), 40_000);
  await closed;
  clearTimeout(timer);
  return { code: server.exitCode, out, said };
}

/** One line that says it, a failing exit code, nothing that looks like a stack, and no sign of having served. */
function expectRefused({ code, out, said }: Ended, line: RegExp, exit: number): void {
  expect(said.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
  expect(out).toMatch(/^(?:Opening the lakehouse .+…\n)?$/);
  expect(code).toBe(exit);
}

describe('a start on a folder that can be no lakehouse', () => {
  it.runIf(process.platform === 'linux')('of /proc, where nothing can be made, ends at once', async () => {
    expectRefused(await start('/proc/x/y'), /^The lakehouse \/proc\/x\/y can't be used: .*--lakehouse/, 2);
  });

  it('below a file, or a file itself', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'hello');
    expectRefused(
      await start(join(file, 'x')),
      /can't be used: a part of the path .* is a file, not a folder/,
      2,
    );
    expectRefused(await start(file), /can't be used: .*file is a file, not a folder/, 2);
  });

  it('that holds other things is left as it was', async () => {
    await writeFile(join(folder, 'thesis.docx'), 'hello');
    expectRefused(await start(folder), /is not a lakehouse: it holds thesis\.docx\. Name an empty folder/, 2);
    expect(await readdir(folder)).toEqual(['thesis.docx']);
  });

  it('of another user, or that is read-only', async () => {
    const prepare = (path: string) => startChild(child, [path, isRoot ? String(NOBODY) : '']).line();
    await chmod(folder, 0o555);
    expect(await prepare(join(folder, 'new'))).toMatch(
      /can't be used: this user may not write to .*Check who owns it/,
    );
    expect(await prepare(folder)).toMatch(/can't be used: this user may not write to/);
    await chmod(folder, 0o777);
    const inside = join(folder, 'warehouse');
    await mkdir(inside);
    await chmod(inside, 0o555);
    expect(await prepare(folder)).toMatch(/may not write to .*warehouse/);
    await chmod(inside, 0o777);
    expect(await prepare(folder)).toBe('fine');
  });
});

describe('a start that finds something else wrong', () => {
  let other: Server;
  beforeAll(async () => {
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => other.close());

  it('names the port that is taken, and leaves no folder behind', async () => {
    const { port } = other.address() as AddressInfo;
    expectRefused(
      await start(join(folder, 'a'), { PORT: String(port) }),
      new RegExp(`^Port ${port} is in use`),
      1,
    );
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  it('says what is wrong with the settings, all at once', async () => {
    expectRefused(
      await start(folder, { PORT: '99999', ENGINE_THREADS: 'many', LOG_LEVEL: 'loud' }),
      /^Settings are off\. PORT: expected a port number from 0 to 65535, in PORT or after --port; LOG_LEVEL: expected one of .*; ENGINE_THREADS: expected a whole number from 1 up\.$/,
      2,
    );
  });

  it.each([
    ['nobody answers at', 'postgresql://someone:secret@127.0.0.1:1/lake'],
    ['has no such host', 'postgresql://someone:secret@no-such-host.invalid/lake'],
    ['is no address', 'postgresql://someone:secret@127.0.0.1:port/lake'],
  ])('refuses a DATABASE_URL that %s', async (_, url) => {
    const ended = await start(join(folder, 'a'), { DATABASE_URL: url });
    expectRefused(ended, /^The database of DATABASE_URL(?: \([\w.-]+:\d+\))? can't be used: .+\. Check/, 1);
    expect(ended.said).not.toContain('secret');
  });

  it('does not wait for good for one that takes the connection and says nothing', async () => {
    const silent = createNetServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const url = `postgresql://someone:secret@127.0.0.1:${port}/lake`;
    expectRefused(
      await start(join(folder, 'a'), { DATABASE_URL: url }),
      new RegExp(
        `^The database of DATABASE_URL \\(127\\.0\\.0\\.1:${port}\\) can't be used: .*timeout\\. Check`,
      ),
      1,
    );
    silent.close();
  });

  it('comes up on an empty folder, and on what an earlier start has left there', async () => {
    await writeFile(join(folder, '.gitkeep'), '');
    for (const attempt of [1, 2]) {
      const { code, out, said } = await start(folder);
      expect({ attempt, code, said }).toEqual({ attempt, code: 0, said: '' });
      expect(out).toContain('/?token=');
    }
  });

  it('refuses a lakehouse that was moved, whose tables it would not find, and takes it linked back', async () => {
    const [made, moved] = [join(folder, 'made'), join(folder, 'moved')];
    expect(await start(made)).toMatchObject({ code: 0, said: '' });
    await rename(made, moved);
    expectRefused(
      await start(moved),
      /^The tables of the lakehouse .*moved are in file:.*\/made\/warehouse, and not in .*\/moved\/warehouse: .*Move or link/,
      2,
    );
    await symlink(moved, made);
    expect(await start(made)).toMatchObject({ code: 0, said: '' });
  });
});
