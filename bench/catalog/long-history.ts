import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createDatabaseCatalogStore } from '#server/catalog/store/database-catalog-store.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import type { BenchDatabase } from './databases.ts';

const COMMITS = 100_000;
const AT_ONCE = 2_000;

/** Looking back through 100,000 commits, against reading the newest ones of the same history. Caches are cold. */
export async function longHistoryCases({ name, database }: BenchDatabase): Promise<BenchCase[]> {
  const open = () => createCatalog({ store: createDatabaseCatalogStore(database.db) });
  const branch = 'long-history';
  const { middle, first } = await build(await open(), branch);
  const head = (await (await open()).getRef(branch)).hash;
  const cold = async (work: (catalog: Catalog) => Promise<unknown>) => {
    const catalog = await open();
    return timed(() => work(catalog));
  };
  const peer = {
    name: 'the newest 100 commits',
    run: () => cold((catalog) => catalog.log(head, { limit: 100 })),
  };
  const look = (what: string, work: string, run: (catalog: Catalog) => Promise<unknown>) =>
    measure({ name: `${what}, 100,000 commits, ${name}`, work, ours: () => cold(run), peer });
  return [
    await look('commit of a time', 'as the branch was 50,000 commits ago', (catalog) =>
      catalog.commitAt(head, middle),
    ),
    await look('log of one table', 'which the oldest 10 commits changed', (catalog) =>
      catalog.log(head, { limit: 100, keys: [['rare']] }),
    ),
    await look('log by author', 'of whom one commit is, the oldest', (catalog) =>
      catalog.log(head, { limit: 100, author: 'first' }),
    ),
    await look('merge base', 'with a branch that parted 50,000 commits ago', (catalog) =>
      catalog.relate(head, first),
    ),
  ];
}

async function build(catalog: Catalog, branch: string): Promise<{ middle: Date; first: string }> {
  const { hash } = await catalog.getRef('main');
  const root = (await catalog.log(hash, { limit: 1_000_000 })).commits.at(-1)?.parents[0] ?? hash;
  await catalog.createRef({ name: branch, type: 'BRANCH', hash: root });
  const commit = (index: number) =>
    catalog.commit({
      branch,
      author: index === 0 ? 'first' : 'bench',
      message: `Commit ${index}`,
      properties: {},
      requirements: [],
      operations: [
        {
          kind: 'put',
          key: index < 10 ? ['rare'] : [`t${index % 50}`],
          content: { type: 'ICEBERG_TABLE', id: 't', value: { index } },
        },
      ],
    });
  let middle = { time: new Date(0), hash: '' };
  for (let at = 0; at < COMMITS; at += AT_ONCE) {
    const made = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => commit(at + index)));
    const last = made.at(-1);
    if (at + AT_ONCE === COMMITS / 2 && last !== undefined) middle = last;
  }
  return { middle: middle.time, first: middle.hash };
}
