import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../model.ts';
import { createMemoryCatalogStore } from '../store/memory-catalog-store.ts';
import { editTree } from './edit-tree.ts';
import { NodeSource } from './node-source.ts';
import { diffTrees, findInTree, walkTree } from './read-tree.ts';

const content = (id: string): Content => ({
  type: 'ICEBERG_TABLE',
  id,
  value: { metadataLocation: `file:///w/${id}` },
});

/** A tree in a store, edited step by step as commits do. */
function treeInStore() {
  const store = createMemoryCatalogStore();
  let source = new NodeSource(store);
  let refs = 0;
  return {
    get source() {
      return source;
    },
    forgetCache() {
      source = new NodeSource(store);
    },
    async edit(root: string | null, edits: ReadonlyMap<string, Content | null>): Promise<string> {
      const edited = await editTree(source, root, edits);
      const name = `r${refs++}`;
      const after = { name, type: 'TAG', hash: edited.root, protection: [] } as const;
      await store.move({
        changes: [{ name, before: null, after }],
        objects: { nodes: edited.nodes, commits: [] },
        records: [],
      });
      return edited.root;
    },
    async contents(root: string): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      for await (const [key, value] of walkTree(source, root)) found[key] = value.id;
      return found;
    },
  };
}

const aKey = fc.stringMatching(/^[a-e]{1,4}$/);
const someEdits = fc.array(fc.tuple(aKey, fc.option(fc.stringMatching(/^[0-9]{1,2}$/))), {
  minLength: 1,
  maxLength: 120,
});

describe('the tree', () => {
  it('holds what was put and not removed, and has one root for equal contents whatever their history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someEdits, { minLength: 1, maxLength: 6 }), async (commits) => {
        const tree = treeInStore();
        const model = new Map<string, string>();
        let root = await tree.edit(null, new Map());
        for (const edits of commits) {
          const byKey = new Map(edits.map(([key, id]) => [key, id === null ? null : content(id)]));
          root = await tree.edit(root, byKey);
          for (const [key, value] of byKey) {
            if (value === null) model.delete(key);
            else model.set(key, value.id);
          }
        }
        expect(await tree.contents(root)).toEqual(Object.fromEntries(model));
        const atOnce = await tree.edit(null, new Map([...model].map(([key, id]) => [key, content(id)])));
        expect(root).toBe(atOnce);
      }),
      { numRuns: 60 },
    );
  });

  it('tells what differs', async () => {
    await fc.assert(
      fc.asyncProperty(someEdits, someEdits, async (one, other) => {
        const tree = treeInStore();
        const base = await tree.edit(
          null,
          new Map(one.map(([key, id]) => [key, id === null ? null : content(id)])),
        );
        const next = await tree.edit(
          base,
          new Map(other.map(([key, id]) => [key, id === null ? null : content(id)])),
        );
        const [before, after] = [await tree.contents(base), await tree.contents(next)];
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
        const expected = keys
          .filter((key) => before[key] !== after[key])
          .map((key) => [key, before[key], after[key]]);
        const found = await diffTrees(tree.source, base, next);
        expect(found.map((diff) => [diff.key, diff.before?.id, diff.after?.id])).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('costs what changed: one change in ten thousand reads and writes a few nodes', async () => {
    const tree = treeInStore();
    const keys = Array.from(
      { length: 10_000 },
      (_, index) => `ns\u0000table-${String(index).padStart(5, '0')}`,
    );
    const root = await tree.edit(null, new Map(keys.map((key) => [key, content(key)])));
    tree.forgetCache();
    const { root: next, nodes } = await editTree(
      tree.source,
      root,
      new Map([[keys[4321] ?? '', content('new')]]),
    );
    expect(tree.source.fetched).toBeLessThan(12);
    expect(nodes.length).toBeLessThan(8);
    await tree.edit(root, new Map([[keys[4321] ?? '', content('new')]]));
    tree.forgetCache();
    expect(await diffTrees(tree.source, root, next)).toHaveLength(1);
    expect(tree.source.fetched).toBeLessThan(16);
    tree.forgetCache();
    expect(await findInTree(tree.source, next, keys[4321] ?? '')).toEqual(content('new'));
    expect(tree.source.fetched).toBeLessThan(8);
  });

  it('reads what it has made before it is stored, however much that is', async () => {
    const scratch = new NodeSource(createMemoryCatalogStore()).scratch();
    // 40 nodes of a megabyte are more than the cache holds.
    const keys = Array.from({ length: 40 }, (_, index) => `table-${index}`);
    const large = 'x'.repeat(1_000_000);
    const { root } = await editTree(
      scratch,
      null,
      new Map(keys.map((key) => [key, { ...content(key), value: { large } }])),
    );
    expect(await diffTrees(scratch, null, root)).toHaveLength(40);
  });
});
