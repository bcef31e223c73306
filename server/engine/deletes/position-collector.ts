import { PositionSet } from '../../iceberg/deletes/position-set.ts';

/** Positions held as they come before they are packed: some tens of MB. */
const BATCH = 1_000_000;

/** Packs positions of any number of data files as they come. */
export class PositionCollector {
  readonly #packed: PositionSet[];
  readonly #loose: number[][];
  #held = 0;

  /** @param files how many data files there are positions of */
  constructor(files: number) {
    this.#packed = Array.from({ length: files }, () => PositionSet.EMPTY);
    this.#loose = Array.from({ length: files }, () => []);
  }

  /** @param position of a row of the file with this index */
  add(file: number, position: bigint): void {
    this.#loose[file]?.push(Number(position));
    this.#held += 1;
    if (this.#held >= BATCH) this.#pack();
  }

  finish(): readonly PositionSet[] {
    this.#pack();
    return this.#packed;
  }

  #pack(): void {
    for (const [file, positions] of this.#loose.entries()) {
      if (positions.length === 0) continue;
      this.#packed[file] = (this.#packed[file] ?? PositionSet.EMPTY).union(PositionSet.of(positions));
      this.#loose[file] = [];
    }
    this.#held = 0;
  }
}
