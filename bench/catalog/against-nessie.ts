import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createDatabaseCatalogStore } from '#server/catalog/store/database-catalog-store.ts';
import { measure, ratioCase, timed, type BenchCase } from '../harness.ts';
import type { BenchDatabase } from './databases.ts';
import { startNessie } from './nessie-server.ts';
import { serveCatalog, type VersionedStore } from './versioned-store.ts';

const PEER = 'Nessie 0.99, in memory';

/** The same requests to our catalog and to Nessie, each behind HTTP; ours is on disk. */
export async function nessieCases(
  { name, database }: BenchDatabase,
  nessie: { readonly java: string; readonly jar: string } | string,
): Promise<BenchCase[]> {
  if (typeof nessie === 'string')
    return [ratioCase({ name: `against Nessie, ${name}`, work: 'none', unit: 'ms', ours: 0, note: nessie })];
  const ours = await serveCatalog(await createCatalog({ store: createDatabaseCatalogStore(database.db) }));
  const theirs = await startNessie(nessie.java, nessie.jar);
  const round = new Rounds();
  const compare = (what: string, work: string, run: (store: VersionedStore) => Promise<number>) =>
    measure({
      name: `${what}, ${name}`,
      work,
      ours: () => run(ours.store),
      peer: { name: PEER, run: () => run(theirs.store) },
    });
  try {
    return [
      await compare('50 commits, one writer', 'each of a new table', (store) =>
        timed(() => commits(store, round.next(), 50)),
      ),
      await compare('160 commits, 32 writers', 'each of a new table, to one branch', async (store) => {
        const prefix = round.next();
        return timed(() =>
          Promise.all(Array.from({ length: 32 }, (_, writer) => commits(store, `${prefix}-${writer}`, 5))),
        );
      }),
      await compare('branch', 'a branch at the head of main', (store) =>
        timed(() => store.branch(round.next(), 'main')),
      ),
      await compare('diff of 100', 'tables that a branch has and main has not', async (store) => {
        const branch = await changed(store, round.next(), 100);
        return timed(() => store.diff('main', branch));
      }),
      await compare('merge of 100', 'new tables, into a branch with another of its own', async (store) => {
        const from = await changed(store, round.next(), 100);
        const into = await changed(store, round.next(), 1);
        return timed(() => store.merge(into, from));
      }),
    ];
  } finally {
    await theirs.stop();
    await ours.stop();
  }
}

/** One after the other. Both servers try again themselves where another writer was first, since the tables differ. */
async function commits(store: VersionedStore, prefix: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await store.commit('main', [`${prefix}-${index}`]);
}

async function changed(store: VersionedStore, name: string, count: number): Promise<string> {
  await store.branch(name, 'main');
  await store.commit(
    name,
    Array.from({ length: count }, (_, index) => `${name}-${index}`),
  );
  return name;
}

/** Names that neither store has seen. */
class Rounds {
  #round = 0;
  next(): string {
    this.#round += 1;
    return `round-${this.#round}`;
  }
}
