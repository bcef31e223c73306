import type { Schema } from '#shared/iceberg/schema.ts';
import type { ManifestView } from '../manifest/manifest-view.ts';
import { describeCondition } from './describe-condition.ts';
import type { Conjunct } from './file-pruner.ts';

/** A condition over the entries of one manifest. */
interface FileTest {
  readonly conjunct: Conjunct;
  readonly rulesOut: (index: number) => 'partition' | 'bounds' | null;
}

/** Which condition kept how many files from being read, and by what. */
export class PruningTally {
  private readonly conjuncts: readonly Conjunct[];
  private readonly byPartition = new Map<Conjunct, number>();
  private readonly byBounds = new Map<Conjunct, number>();
  total = 0;

  constructor(conjuncts: readonly Conjunct[]) {
    this.conjuncts = conjuncts;
  }

  testsOf(view: ManifestView): readonly FileTest[] {
    return this.conjuncts.map((conjunct) => ({ conjunct, rulesOut: conjunct.rulesOut(view) }));
  }

  /** @param tests of the manifest that has the entry */
  keeps(tests: readonly FileTest[], index: number): boolean {
    for (const { conjunct, rulesOut } of tests) {
      const by = rulesOut(index);
      if (by === null) continue;
      this.skipped(conjunct, by, 1);
      return false;
    }
    return true;
  }

  skipped(conjunct: Conjunct, by: 'partition' | 'bounds', files: number): void {
    const counts = by === 'partition' ? this.byPartition : this.byBounds;
    counts.set(conjunct, (counts.get(conjunct) ?? 0) + files);
    this.total += files;
  }

  lines(schema: Schema, known: number): readonly string[] {
    return this.conjuncts.flatMap((conjunct) => {
      const partition = this.byPartition.get(conjunct) ?? 0;
      const bounds = this.byBounds.get(conjunct) ?? 0;
      if (partition + bounds === 0) return [];
      const by = [
        ...(partition === 0 ? [] : [`${partition} by partition`]),
        ...(bounds === 0 ? [] : [`${bounds} by column bounds`]),
      ];
      const condition = describeCondition(conjunct.condition, schema);
      return [`${condition} skips ${partition + bounds} of ${known} files (${by.join(', ')})`];
    });
  }
}
