import { expect, it } from 'vitest';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { snapshotCommits } from './snapshot-commits.ts';
import { ICEBERG_TABLE } from './table-content.ts';

const KEY = ['bronze', 'flights'];

it('names the commit that brought a snapshot, not a later one that changed something else of the table', async () => {
  const catalog = await createCatalog({ store: createMemoryCatalogStore() });
  const put = (key: readonly string[], message: string, snapshotId: string | null, schemaId = 0) =>
    catalog.commit({
      branch: 'main',
      author: 'me',
      message,
      properties: {},
      requirements: [],
      operations: [
        {
          kind: 'put',
          key,
          content: { type: ICEBERG_TABLE, id: key.join('.'), value: { snapshotId, schemaId } },
        },
      ],
    });
  await put(KEY, 'Create', null);
  await put(KEY, 'Load January', '1');
  await put(['other'], 'Elsewhere', '1');
  await put(KEY, 'Add a column', '1', 1);
  await put(KEY, 'Load February', '2', 1);
  const head = await put(['other'], 'Elsewhere again', '2');
  const messages = async (ids: string[]) => {
    const found = await snapshotCommits({ catalog }, head.hash, KEY, ids);
    return ids.map((id) => found.get(id)?.message);
  };
  expect(await messages(['2', '1'])).toEqual(['Load February', 'Load January']);
  // A snapshot of another branch, which a table's metadata may know too.
  expect(await messages(['2', '1', '77'])).toEqual(['Load February', 'Load January', undefined]);
});
