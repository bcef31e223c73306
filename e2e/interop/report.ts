import { isDeepStrictEqual } from 'node:util';

const SHOWN = 2000;

/** Counts checks and prints those that fail. */
export class Report {
  passed = 0;
  failed = 0;

  check(what: string, holds: boolean, detail: () => string = () => ''): void {
    if (holds) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    console.error(`FAILED ${what}\n  ${detail().slice(0, SHOWN)}`);
  }

  equal(what: string, ours: unknown, theirs: unknown): void {
    this.check(
      what,
      isDeepStrictEqual(ours, theirs),
      () => `ours:   ${show(ours)}\n  theirs: ${show(theirs)}`,
    );
  }

  /** Rows as sets; says which are on one side alone. */
  sameRows(what: string, ours: Rows, theirs: Rows): void {
    const [left, right] = [sorted(ours), sorted(theirs)];
    this.check(what, isDeepStrictEqual(left, right), () => {
      const [onlyOurs, onlyTheirs] = [missingFrom(right, left), missingFrom(left, right)];
      return `ours has ${left.length} rows, theirs ${right.length}; ${onlyOurs.length} are in ours alone: ${onlyOurs
        .slice(0, 2)
        .join(' ')}\n  ${onlyTheirs.length} are in theirs alone: ${onlyTheirs.slice(0, 2).join(' ')}`;
    });
  }

  /** One case; what it throws is a failure and not the end. */
  async case(what: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.check(what, false, () =>
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }
}

export type Rows = readonly (readonly unknown[])[];

function sorted(rows: Rows): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function missingFrom(there: readonly string[], here: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of there) counts.set(row, (counts.get(row) ?? 0) + 1);
  return here.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}

export function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
