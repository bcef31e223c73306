import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileIOContract } from './file-io.contract.ts';
import { createLocalFileIO } from './local-file-io.ts';

let top: string;
let next = 0;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'local-file-io-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));

const freshFolder = () => join(top, `root ${next++}%20ü`);

fileIOContract('local folder', () => createLocalFileIO({ rootDirectory: freshFolder() }));

describe('the local FileIO', () => {
  it('names files by plain absolute URLs, without encoding', async () => {
    const rootDirectory = freshFolder();
    const io = await createLocalFileIO({ rootDirectory });
    expect(io.root).toBe(`file://${rootDirectory}`);
    await io.putIfAbsent(`${io.root}/a b/%41.parquet`, Buffer.from('x'));
    expect(await readFile(join(rootDirectory, 'a b', '%41.parquet'), 'utf8')).toBe('x');
    expect(io.localPath(`${io.root}/a b/%41.parquet`)).toBe(join(rootDirectory, 'a b', '%41.parquet'));
  });

  it('understands the ways in which other engines write the same location', async () => {
    const rootDirectory = freshFolder();
    const io = await createLocalFileIO({ rootDirectory });
    await io.putIfAbsent(`${io.root}/a`, Buffer.from('x'));
    const spellings = [`file:${rootDirectory}/a`, `file://localhost${rootDirectory}/a`, `${rootDirectory}/a`];
    for (const location of spellings) {
      expect(await io.stat(location)).toMatchObject({ location: `${io.root}/a`, size: 1 });
    }
  });

  it('follows no symbolic link out of its root', async () => {
    const rootDirectory = freshFolder();
    const outside = freshFolder();
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    const io = await createLocalFileIO({ rootDirectory });
    await symlink(outside, join(rootDirectory, 'door'));
    await symlink(join(outside, 'secret'), join(rootDirectory, 'leak'));

    for (const name of ['door/secret', 'door/new', 'door/a/b/new', 'leak']) {
      const location = `${io.root}/${name}`;
      const refused = { code: 'PATH_OUTSIDE_ROOT', context: { location } };
      await expect(io.read(location)).rejects.toMatchObject(refused);
      await expect(io.stat(location)).rejects.toMatchObject(refused);
      await expect(io.putIfAbsent(location, Buffer.from('x'))).rejects.toMatchObject(refused);
      await expect(io.delete(location)).rejects.toMatchObject(refused);
      expect(() => io.localPath(location)).toThrow(/symbolic link/);
    }
    const seen = [];
    for await (const entry of io.list(io.root)) seen.push(entry.location);
    expect(seen).toEqual([]);
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('works below a root that is itself reached through a symbolic link', async () => {
    const real = freshFolder();
    await mkdir(real);
    const rootDirectory = freshFolder();
    await symlink(real, rootDirectory);
    const io = await createLocalFileIO({ rootDirectory });
    await io.putIfAbsent(`${io.root}/a/b`, Buffer.from('x'));
    expect(await readFile(join(real, 'a', 'b'), 'utf8')).toBe('x');
  });

  it('says so where a file stands in the way of a folder', async () => {
    const io = await createLocalFileIO({ rootDirectory: freshFolder() });
    await io.putIfAbsent(`${io.root}/a`, Buffer.from('x'));
    await expect(io.putIfAbsent(`${io.root}/a/b`, Buffer.from('y'))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('a file stands where'),
    });
    expect(await io.exists(`${io.root}/a/b`)).toBe(false);
  });

  it('writes again into a folder that somebody has removed', async () => {
    const rootDirectory = freshFolder();
    const io = await createLocalFileIO({ rootDirectory });
    await io.putIfAbsent(`${io.root}/a/1`, Buffer.from('x'));
    await rm(join(rootDirectory, 'a'), { recursive: true });
    await rm(join(rootDirectory, '.tmp'), { recursive: true });
    await io.putIfAbsent(`${io.root}/a/2`, Buffer.from('y'));
    expect(await io.read(`${io.root}/a/2`)).toEqual(new Uint8Array(Buffer.from('y')));
  });

  it('says what the system does not allow', async () => {
    await expect(createLocalFileIO({ rootDirectory: '/dev/null/lakehouse' })).rejects.toMatchObject({
      name: 'AppError',
    });
    const io = await createLocalFileIO({ rootDirectory: freshFolder() });
    await expect(io.putIfAbsent(`${io.root}/${'x'.repeat(300)}`, Buffer.from('x'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
