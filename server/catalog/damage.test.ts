import { describe, expect, it } from 'vitest';
import { createCatalog } from './create-catalog.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { createMemoryCatalogStore } from './store/memory-catalog-store.ts';

const content = { type: 'ICEBERG_TABLE', id: '1', value: { metadataLocation: 'file:///w/1.json' } };

/** A catalog with one commit, read again through a store that changes what it gives. */
async function readThrough(change: (hash: string, bytes: Uint8Array) => Uint8Array | null) {
  const store = createMemoryCatalogStore();
  const { hash, tree } = await (
    await createCatalog({ store })
  ).commit({
    branch: 'main',
    author: 'ada',
    message: 'm',
    properties: {},
    requirements: [],
    operations: [{ kind: 'put', key: ['t'], content }],
  });
  const damaged: CatalogStore = {
    ...store,
    getObjects: async (hashes) =>
      new Map(
        [...(await store.getObjects(hashes))].flatMap(([found, bytes]) => {
          const changed = change(found, bytes);
          return changed === null ? [] : [[found, changed] as const];
        }),
      ),
  };
  return { catalog: await createCatalog({ store: damaged }), hash, tree };
}

const flipped = (bytes: Uint8Array) =>
  bytes.map((byte, index) => (index === bytes.length - 2 ? byte ^ 1 : byte));

describe('a catalog whose database is damaged', () => {
  it('says so instead of giving what was not committed', async () => {
    const { catalog, hash } = await readThrough((_, bytes) => flipped(bytes));
    await expect(catalog.getCommit(hash)).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      context: { hash },
    });
    const node = await readThrough((_, bytes) =>
      new TextDecoder().decode(bytes).includes('"entries"') ? flipped(bytes) : bytes,
    );
    await expect(node.catalog.getContent(node.hash, ['t'])).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      message: expect.stringContaining(`${node.tree} is damaged`) as string,
    });
  });

  it('says what is missing', async () => {
    const { catalog, hash, tree } = await readThrough((_, bytes) =>
      new TextDecoder().decode(bytes).includes('"author"') ? bytes : null,
    );
    await expect(catalog.getContent(hash, ['t'])).rejects.toMatchObject({
      code: 'CORRUPT_METADATA',
      context: { hash: tree },
    });
  });
});
