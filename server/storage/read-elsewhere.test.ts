import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileIO } from './file-io.ts';
import { createLocalFileIO } from './local-file-io.ts';
import { openLocalReader, readElsewhere } from './read-elsewhere.ts';

let top: string;
let io: FileIO;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'read-elsewhere-'));
  for (const folder of ['other/t', 'other-too']) await mkdir(join(top, folder), { recursive: true });
  await writeFile(join(top, 'other/t/a.parquet'), 'abc');
  await writeFile(join(top, 'other-too/secret'), 'secret');
  const own = await createLocalFileIO({ rootDirectory: join(top, 'warehouse') });
  io = readElsewhere(own, [await openLocalReader(join(top, 'other'))]);
});
afterEach(() => rm(top, { recursive: true, force: true }));

describe('reading elsewhere', () => {
  it('reads both places, however the location is written', async () => {
    await io.putIfAbsent(`${io.root}/own`, Buffer.from('own'));
    expect(Buffer.from(await io.read(`${io.root}/own`)).toString()).toBe('own');
    for (const prefix of ['', 'file:', 'file://', 'file://localhost']) {
      const location = `${prefix}${top}/other/t/a.parquet`;
      expect(Buffer.from(await io.read(location, { start: 1, end: 3 })).toString()).toBe('bc');
      expect(await io.stat(location)).toMatchObject({ size: 3 });
      expect(io.localPath(location)).toBe(join(top, 'other/t/a.parquet'));
    }
    const listed = [];
    for await (const { location } of io.list(`file://${top}/other/t`)) listed.push(location);
    expect(listed).toEqual([`file://${top}/other/t/a.parquet`]);
  });

  it('writes, adopts and deletes nothing there', async () => {
    const location = `file://${top}/other/t/a.parquet`;
    const local = join(top, 'new');
    await writeFile(local, 'new');
    const refused = { code: 'FORBIDDEN', context: { location } };
    await expect(io.putIfAbsent(location, Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(io.adopt(local, location)).rejects.toMatchObject(refused);
    await expect(io.delete(location)).rejects.toMatchObject(refused);
    expect(await readFile(join(top, 'other/t/a.parquet'), 'utf8')).toBe('abc');
    expect(await readFile(local, 'utf8')).toBe('new');
  });

  it('leaves the places that it was given by no path and no link', async () => {
    await symlink(join(top, 'other-too'), join(top, 'other/door'));
    for (const path of ['other-too/secret', 'other/../other-too/secret', 'other/door/secret'])
      await expect(io.read(`file://${top}/${path}`)).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
    expect(() => io.localPath(`file://${top}/other/door/secret`)).toThrow(/symbolic link/);
  });

  it('says which folder is not there', async () => {
    await expect(openLocalReader(join(top, 'none'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      context: { location: join(top, 'none') },
    });
  });
});
