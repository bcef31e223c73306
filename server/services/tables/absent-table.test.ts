import { expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import type { Operation } from '#server/catalog/model.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { explainAbsence } from './absent-table.ts';
import { ICEBERG_TABLE } from './table-content.ts';

const KEY = ['bronze', 'flights'];

async function history(
  ...steps: readonly (readonly [message: string, kind: 'put' | 'delete', key: readonly string[]])[]
) {
  const catalog = await createCatalog({ store: createMemoryCatalogStore() });
  const root = (await catalog.getRef('main')).hash;
  const hashes = [root];
  for (const [message, kind, key] of steps) {
    const operation: Operation =
      kind === 'delete'
        ? { kind, key }
        : { kind, key, content: { type: ICEBERG_TABLE, id: message, value: {} } };
    const input = {
      branch: 'main',
      author: 'me',
      message,
      properties: {},
      operations: [operation],
      requirements: [],
    };
    hashes.push((await catalog.commit(input)).hash);
  }
  const plain = new AppError('TABLE_NOT_FOUND', 'There is no such table.', {
    context: { suggestions: ['x'] },
  });
  const ask = (at: number, name = 'main') =>
    explainAbsence({ catalog }, plain, { name, hash: hashes[at] ?? '' }, KEY);
  return { hashes, plain, ask };
}

it('says of a table that came later which commit brought it', async () => {
  const { hashes, ask } = await history(
    ['Other', 'put', ['other']],
    ['More', 'put', ['more']],
    ['Load flights\n\nfrom a file', 'put', KEY],
    ['Load flights again', 'put', KEY],
    ['Other again', 'put', ['other']],
  );
  const [root, other] = hashes;
  for (const at of [0, 1, 2]) {
    const { code, message, context } = await ask(at);
    expect(code).toBe('TABLE_NOT_FOUND');
    expect(message).toMatch(
      /^There was no table bronze\.flights yet at commit \w{8} on "main"\. It is there since commit \w{8} \(Load flights, [-\d]+T[:.\d]+Z\)\.$/,
    );
    expect(context).toMatchObject({ createdBy: hashes[3], branch: 'main', suggestions: [] });
  }
  expect((await ask(1)).message).toContain(`at commit ${other?.slice(0, 8)} on`);
  expect((await ask(0, root)).message).toContain(`at commit ${root?.slice(0, 8)}. It is there`);
});

it('says of a table that is gone which commit removed it, and how to read it still', async () => {
  const { hashes, ask } = await history(
    ['Load flights', 'put', KEY],
    ['Other', 'put', ['other']],
    ['Drop flights', 'delete', KEY],
    ['Other again', 'put', ['other']],
  );
  const { message, context } = await ask(4);
  expect(message).toMatch(
    /^There is no table bronze\.flights on "main" any more: commit \w{8} \(Drop flights, .*\) removed it\./,
  );
  expect(message).toContain(`bronze.flights AT (VERSION => 'main@${hashes[2]?.slice(0, 12)}')`);
  expect(context).toMatchObject({ removedBy: hashes[3] });
});

it('leaves a name that never was as it is', async () => {
  const { plain, ask } = await history(['Other', 'put', ['other']], ['Other again', 'put', ['other']]);
  for (const at of [0, 1, 2]) expect(await ask(at)).toBe(plain);
});
