import { expect, it } from 'vitest';
import { catalogContract } from '../catalog.contract.ts';
import { mergingContract } from '../merging.contract.ts';
import type { Ref } from '../model.ts';
import { versioningContract } from '../versioning.contract.ts';
import type { CatalogStore, Move } from './catalog-store.ts';
import { withKeptRefs } from './kept-refs.ts';
import { createMemoryCatalogStore } from './memory-catalog-store.ts';

const openKept = async () => withKeptRefs(createMemoryCatalogStore());
catalogContract(openKept);
mergingContract(openKept);
versioningContract(openKept);

const at = (hash: string): Ref => ({ name: 'main', type: 'BRANCH', hash, protection: [] });
const move = (before: string, after: string): Move => ({
  changes: [{ name: 'main', before: at(before), after: at(after) }],
  objects: { nodes: [], commits: [] },
  records: [],
});

/** A store whose one branch is moved, and read, when the test says so. */
function slowStore() {
  let head = '1';
  const reads: (() => void)[] = [];
  const landings: ((fails?: Error) => void)[] = [];
  let asked = 0;
  const plain: CatalogStore = {
    ...createMemoryCatalogStore(),
    getRef: async () => {
      asked++;
      const seen = at(head);
      await new Promise<void>((resolve) => reads.push(resolve));
      return seen;
    },
    move: (moved) =>
      new Promise((resolve, reject) => {
        landings.push((fails) => {
          head = moved.changes[0]?.after?.hash ?? '';
          if (fails === undefined) resolve(true);
          else reject(fails);
        });
      }),
  };
  const store = withKeptRefs(plain);
  const read = async (): Promise<string | undefined> => {
    const answer = store.getRef('main');
    reads.shift()?.();
    return (await answer)?.hash;
  };
  return { store, reads, landings, read, asked: () => asked };
}

it('asks once for a branch that nobody moves', async () => {
  const { read, asked } = slowStore();
  expect([await read(), await read(), await read()]).toEqual(['1', '1', '1']);
  expect(asked()).toBe(1);
});

it('knows nothing of a branch while it is moved, and where it is afterwards', async () => {
  const { store, read, landings, asked } = slowStore();
  await read();
  const moved = store.move(move('1', '2'));
  expect([await read(), await read()]).toEqual(['1', '1']);
  expect(asked()).toBe(3);
  landings.shift()?.();
  await moved;
  expect([await read(), await read()]).toEqual(['2', '2']);
  expect(asked()).toBe(4);
});

it('keeps nothing that was read before a move landed and came after it', async () => {
  const { store, reads, landings, read } = slowStore();
  const early = store.getRef('main');
  const moved = store.move(move('1', '2'));
  landings.shift()?.();
  await moved;
  reads.shift()?.();
  expect((await early)?.hash).toBe('1');
  expect(await read()).toBe('2');
});

it('asks again after a move of which nobody knows whether it landed', async () => {
  const { store, landings, read } = slowStore();
  await read();
  const moved = store.move(move('1', '2'));
  landings.shift()?.(new Error('gone'));
  await expect(moved).rejects.toThrow('gone');
  expect(await read()).toBe('2');
});
