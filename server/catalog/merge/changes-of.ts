import { decodeKey } from '../canonical.ts';
import type { Hash, KeyDiff } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { diffTrees } from '../tree/read-tree.ts';

/** What differs between two trees, by decoded keys. `before: null` is the empty catalog. */
export async function changesOf(
  reader: CatalogReader,
  before: Hash | null,
  after: Hash,
): Promise<readonly KeyDiff[]> {
  const differences = await diffTrees(reader.nodes, before, after);
  return differences.map(({ key, before, after }): KeyDiff => ({ key: decodeKey(key), before, after }));
}
