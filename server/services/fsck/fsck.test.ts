import { rm, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import type { CatalogStore } from '#server/catalog/store/catalog-store.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { loadTable } from '#server/iceberg/metadata/load.ts';
import { loadManifest, loadManifestList } from '#server/iceberg/manifest/load-manifests.ts';
import { MaintenanceFixture } from '../maintenance/testing/maintenance-fixture.ts';
import { optimizeTable } from '../maintenance/index.ts';
import { appendRows } from '../tables/index.ts';
import { fsck } from './index.ts';

/** A lakehouse whose metadata database can be damaged: null loses an object. */
class Lake {
  damage: (hash: string, bytes: Uint8Array) => Uint8Array | null = (_, bytes) => bytes;

  private constructor(
    readonly files: MaintenanceFixture,
    readonly ctx: MaintenanceFixture['ctx'],
  ) {}

  static async open(): Promise<Lake> {
    const files = await MaintenanceFixture.open();
    const memory = createMemoryCatalogStore();
    const store: CatalogStore = {
      ...memory,
      getObjects: async (hashes) =>
        new Map(
          [...(await memory.getObjects(hashes))].flatMap(([hash, bytes]) => {
            const found = lake.damage(hash, bytes);
            return found === null ? [] : [[hash, found] as const];
          }),
        ),
    };
    const lake: Lake = new Lake(files, { ...files.ctx, catalog: await createCatalog({ store }) });
    return lake;
  }

  async append(table: string, query: string, branch = 'main') {
    await appendRows(this.ctx, {
      table: table.split('.'),
      query,
      branch,
      message: 'Rows',
      mergeSchema: true,
      createWith: {},
    });
  }

  path(location: string): string {
    return this.ctx.io.localPath(location) ?? '';
  }
}

let lake: Lake;
/** Of shop.gone, which has one commit: what each kind of damage is done to. */
let parts: { metadata: string; list: string; manifest: string; data: string };

beforeAll(async () => {
  lake = await Lake.open();
  const { ctx } = lake;
  await lake.append('shop.orders', 'SELECT i FROM range(50) t(i)');
  await ctx.catalog.createRef({
    name: 'old',
    type: 'TAG',
    hash: (await ctx.catalog.getRef('main')).hash,
  });
  await lake.append('shop.orders', 'SELECT i FROM range(50) t(i)');
  await optimizeTable(ctx, 'shop.orders', { rewriteAll: true });
  await ctx.catalog.createRef({
    name: 'dev',
    type: 'BRANCH',
    hash: (await ctx.catalog.getRef('main')).hash,
  });
  await lake.append('shop.part', 'SELECT 7 AS j', 'dev');
  const { hash } = await ctx.catalog.getRef('dev');
  const content = await ctx.catalog.getContent(hash, ['shop', 'part']);
  const metadata = String(content?.value['metadataLocation']);
  const [snapshot] = (await loadTable(ctx.io, metadata)).metadata.snapshots;
  if (snapshot === undefined) throw new Error('no snapshot');
  const [manifest] = await loadManifestList(ctx.io, snapshot);
  if (manifest === undefined) throw new Error('no manifest');
  const [entry] = await loadManifest(ctx.io, manifest);
  parts = {
    metadata,
    list: snapshot.manifestList ?? '',
    manifest: manifest.manifestPath,
    data: entry?.dataFile.filePath ?? '',
  };
});
afterAll(() => lake.files.close());

const check = (deep = false) => fsck(lake.ctx, { deep });

/** Does something to a file, checks, and puts the file back. */
async function after(location: string, change: (path: string) => Promise<void>, deep = false) {
  const bytes = await lake.ctx.io.read(location);
  const path = lake.path(location);
  await change(path);
  try {
    return await check(deep);
  } finally {
    await writeFile(path, bytes);
  }
}

it('a healthy lakehouse is clean, and everything in it is looked at once', async () => {
  const { catalog } = lake.ctx;
  const versions = new Set<string>();
  for (const name of ['main', 'dev', 'old'])
    for (const { hash } of (await catalog.log((await catalog.getRef(name)).hash, { limit: 100 })).commits)
      for (const { content } of await catalog.listContents(hash))
        if (content.type === 'ICEBERG_TABLE') versions.add(String(content.value['metadataLocation']));
  const result = await check(true);
  expect(result).toMatchObject({ clean: true, deep: true, faultCount: 0, faults: [] });
  expect(result.checked).toMatchObject({
    refs: 3,
    // The root, two appends, one rewrite; one append on the other branch.
    commits: 5,
    tableVersions: versions.size,
    manifestLists: 4,
    // Two appended files, one of both, and one of the other table.
    files: 4,
  });
});

describe('what is damaged in the warehouse is named, with what leads to it', () => {
  const cases = ['metadata', 'list', 'manifest', 'data'] as const;
  const kinds = { metadata: 'metadata', list: 'manifest-list', manifest: 'manifest', data: 'data-file' };

  it.each(cases)('a lost file: %s', async (part) => {
    const { hash } = await lake.ctx.catalog.getRef('dev');
    const result = await after(parts[part], (path) => rm(path));
    const place = { ref: 'dev', commit: hash, table: 'shop.part', file: parts[part], kind: kinds[part] };
    expect(result).toMatchObject({ clean: false, faultCount: 1, faults: [place] });
  });

  it.each(cases)('a file cut short: %s', async (part) => {
    const result = await after(parts[part], (path) => truncate(path, 20));
    expect(result.clean).toBe(false);
    expect(result.faults.every(({ file, table }) => file === parts[part] && table === 'shop.part')).toBe(
      true,
    );
  });

  it('as many bytes that are no Parquet, only where it looks deep', async () => {
    const size = (await lake.ctx.io.stat(parts.data)).size;
    const spoil = (path: string) => writeFile(path, new Uint8Array(size));
    expect((await after(parts.data, spoil)).clean).toBe(true);
    const { faults } = await after(parts.data, spoil, true);
    expect(faults).toMatchObject([{ kind: 'data-file', file: parts.data, table: 'shop.part' }]);
  });

  it('metadata of another version than the catalog names', async () => {
    const text = new TextDecoder().decode(await lake.ctx.io.read(parts.metadata));
    const { faults } = await after(parts.metadata, (path) =>
      writeFile(path, text.replace(/"table-uuid":\s*"[0-9a-f]{8}/, '"table-uuid":"00000000')),
    );
    expect(faults).toMatchObject([
      { kind: 'metadata', problem: expect.stringMatching(/of table 00000000/) as string },
    ]);
  });
});

describe('what is damaged in the metadata database is named', () => {
  it.each(['lost', 'changed'])('a commit %s', async (how) => {
    const { hash: dev } = await lake.ctx.catalog.getRef('dev');
    const { hash: main } = await lake.ctx.catalog.getRef('main');
    lake.damage = (hash, bytes) =>
      hash !== main ? bytes : how === 'lost' ? null : bytes.map((byte) => byte ^ 1);
    const { faults, faultCount } = await check();
    lake.damage = (_, bytes) => bytes;
    expect(faultCount).toBe(1);
    expect(faults).toMatchObject([{ kind: 'catalog', ref: 'dev', commit: dev, object: main }]);
  });

  it('a tree node lost', async () => {
    const { hash, tree } = await lake.ctx.catalog.getCommit((await lake.ctx.catalog.getRef('dev')).hash);
    lake.damage = (_, bytes) => (new TextDecoder().decode(bytes).includes('part') ? null : bytes);
    const { faults } = await check();
    lake.damage = (_, bytes) => bytes;
    expect(faults).toContainEqual({
      kind: 'catalog',
      ref: 'dev',
      commit: hash,
      object: tree,
      problem: 'A node of the catalog tree is missing.',
    });
  });
});

it('a store that does not answer is no fault of the lakehouse', async () => {
  vi.spyOn(lake.ctx.io, 'stat').mockRejectedValue(new Error('socket hang up'));
  await expect(check()).rejects.toThrow('socket hang up');
});
