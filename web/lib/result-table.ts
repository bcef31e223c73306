import type { ResultColumn } from '#shared/contract/plan.ts';

/**
 * A value of a result, whichever engine made it:
 * integers up to 32 bits and floats are number, 64 and 128 bit integers bigint; DECIMAL an exact string; DATE
 * days since 1970 as number; TIME, TIMESTAMP* microseconds (since midnight, since 1970 UTC) as bigint; VARCHAR,
 * UUID, ENUM, INTERVAL, BIT text; BLOB bytes; LIST and ARRAY arrays; STRUCT a plain object; MAP an array of [key, value].
 */
export type CellValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CellValue[]
  | { readonly [name: string]: CellValue };

export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  /** O(log batches); a grid asks only for what is in view. Null also for a row that is not here. */
  value(row: number, column: number): CellValue;
  /** Where rows come when they are looked at; absent where all of them are here. */
  readonly onDemand?: RowsOnDemand;
}

export interface RowsOnDemand {
  readonly isHere: (row: number) => boolean;
  /** Says which rows are in view now, so that they are fetched. */
  readonly want: (first: number, last: number) => void;
  /** Hears of rows that came. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Another one whenever rows came. */
  readonly version: () => number;
}

export function isHere({ onDemand }: ResultTable, row: number): boolean {
  return onDemand === undefined || onDemand.isHere(row);
}
