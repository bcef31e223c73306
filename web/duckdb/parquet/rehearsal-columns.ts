/** Columns of a rehearsal's file: one of each kind that tables mostly have, with a dictionary and without. */
export const REHEARSAL_COLUMNS = [
  { id: 1, name: 'key', type: 'long', repeats: false },
  { id: 2, name: 'price', type: 'long', repeats: false },
  { id: 3, name: 'quantity', type: 'long', repeats: true },
  { id: 4, name: 'line', type: 'int', repeats: true },
  { id: 5, name: 'day', type: 'date', repeats: true },
  { id: 6, name: 'at', type: 'timestamp', repeats: false },
  { id: 7, name: 'share', type: 'double', repeats: false },
  { id: 8, name: 'mode', type: 'string', repeats: true },
  { id: 9, name: 'note', type: 'string', repeats: false },
] as const;
