export type CellTone = 'good' | 'bad' | 'warn';

/** How a cell is tinted; undefined: not at all. */
export type ToneOf = (row: number, column: number) => CellTone | undefined;
