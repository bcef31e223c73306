import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSandbox } from '../duckdb/sandbox.ts';
import { ExtensionFolder } from './extension-folder.ts';
import type { EngineIdentity } from './extension-footer.ts';
import { engineIdentity } from './try-extensions.ts';

let work: string;
let engine: EngineIdentity;
let folder: ExtensionFolder;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'timestream-extensions-'));
  engine = await engineIdentity();
  folder = new ExtensionFolder(join(work, 'kept'), engine);
});
afterEach(() => rm(work, { recursive: true, force: true }));

interface Footer {
  readonly magic?: string;
  readonly platform?: string;
  readonly madeFor?: string;
  readonly abi?: string;
}

/** Ends as an extension does, with a signature that nobody made. */
function extension({
  magic = '4',
  platform = engine.platform,
  madeFor = engine.version,
  abi = 'CPP',
}: Footer = {}): Buffer {
  const fields = ['', '', '', abi, 'v9', madeFor, platform, magic].map((text) => {
    const field = Buffer.alloc(32);
    field.write(text, 'latin1');
    return field;
  });
  return Buffer.concat([Buffer.from('what a linker made'), ...fields, Buffer.alloc(256, 7)]);
}

async function file(content: Uint8Array, name = 'inet.duckdb_extension'): Promise<string> {
  const path = join(work, name);
  await writeFile(path, content);
  return path;
}

/** As an earlier version of this server kept it. */
async function keep(madeFor: string, content: Uint8Array): Promise<void> {
  const place = join(work, 'kept', madeFor, engine.platform);
  await mkdir(place, { recursive: true });
  await copyFile(await file(content), join(place, 'inet.duckdb_extension'));
}

const refusal = { code: 'INVALID_INPUT' };

describe('ExtensionFolder.add', () => {
  it.each<[string, Footer, RegExp]>([
    [
      'another DuckDB',
      { madeFor: 'v1.5.5' },
      /made for DuckDB v1\.5\.5, and this server's engine is DuckDB v\d/,
    ],
    ['another machine', { platform: 'linux_z80' }, /made for linux_z80, and this server's engine is \w+/],
    ['tabs of another DuckDB', { platform: 'wasm_eh', madeFor: 'v1.5.5' }, /made for DuckDB v1\.5\.5/],
    ['tabs, and not signed', { platform: 'wasm_threads' }, /is not signed by DuckDB/],
    ['nothing', { magic: '5' }, /is no DuckDB extension/],
  ])('refuses what is made for %s, and says what it is and what is wanted', async (_what, footer, said) => {
    const path = await file(extension(footer));
    await expect(folder.add(path)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringMatching(said) as string,
      context: { path },
    });
    expect(await folder.list()).toEqual([]);
  });

  it('has the engine check the signature, and keeps nothing that it does not take', async () => {
    for (const content of [
      extension(),
      gzipSync(extension()),
      extension({ abi: 'C_STRUCT', madeFor: 'v1.2.0' }),
    ]) {
      const path = await file(content);
      await expect(folder.add(path)).rejects.toMatchObject({
        ...refusal,
        message: expect.stringMatching(/inet\.duckdb_extension is not signed by DuckDB/) as string,
      });
    }
    expect(await readdir(join(work, 'kept', engine.version, engine.platform))).toEqual([]);
  });

  it('refuses what reaches beyond the lakehouse, what is built in, and what is called otherwise', async () => {
    for (const [name, said] of [
      ['httpfs.duckdb_extension', /httpfs may reach for files, networks/],
      ['json.duckdb_extension.gz', /json is part of this server's engine/],
      ['inet.so', /NAME\.duckdb_extension/],
    ] as const)
      await expect(folder.add(await file(extension(), name))).rejects.toMatchObject({
        ...refusal,
        message: expect.stringMatching(said) as string,
      });
    const cut = gzipSync(extension()).subarray(0, 60);
    await expect(folder.add(await file(cut, 'inet.duckdb_extension.gz'))).rejects.toMatchObject({
      ...refusal,
      message: expect.stringMatching(/can’t be unpacked/) as string,
    });
    await expect(folder.add(await file(Buffer.alloc(100)))).rejects.toMatchObject(refusal);
    await expect(folder.add(join(work, 'inet.duckdb_extension.wasm'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what is kept already', () => {
  it('lists what was added for another engine, does not load it, and lets go of it', async () => {
    await keep('v1.0.0', extension({ madeFor: 'v1.0.0' }));
    expect(await folder.list()).toEqual([
      { name: 'inet', version: 'v9', madeFor: 'v1.0.0', platform: engine.platform, fits: false },
    ]);
    expect(await folder.loadable(() => expect.unreachable())).toEqual([]);
    await folder.remove('inet');
    expect(await folder.list()).toEqual([]);
    await expect(folder.remove('inet')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has for tabs what is of the same DuckDB, whatever the build', async () => {
    for (const [platform, madeFor] of [
      ['wasm_threads', engine.version],
      ['wasm_eh', engine.version],
      ['wasm_threads', 'v1.0.0'],
    ] as const) {
      const place = join(work, 'kept', madeFor, platform);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'inet.duckdb_extension.wasm'), extension({ platform, madeFor }));
    }
    expect((await folder.forTabs()).map(({ name, platform }) => [name, platform])).toEqual([
      ['inet', 'wasm_eh'],
      ['inet', 'wasm_threads'],
    ]);
    expect((await folder.list()).map(({ platform, fits }) => [platform, fits])).toEqual([
      ['wasm_threads', false],
      ['wasm_eh', true],
      ['wasm_threads', true],
    ]);
    await folder.remove('inet');
    expect(await folder.list()).toEqual([]);
  });

  it('says which one the engine does not take, and goes on without it', async () => {
    await keep(engine.version, extension());
    const said: unknown[] = [];
    expect(await folder.loadable((error) => said.push(error))).toEqual([]);
    expect(said).toMatchObject([refusal]);
  });
});

it('loads nothing into a sandbox that DuckDB has not signed', async () => {
  const path = await file(extension());
  const open = openSandbox({ allowedDirectories: [], memoryLimit: '64MB', threads: 1, extensions: [path] });
  await expect(open).rejects.toThrow(/signature/);
});
