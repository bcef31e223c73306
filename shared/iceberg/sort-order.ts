export interface SortOrder {
  readonly orderId: number;
  readonly fields: readonly SortField[];
}

export interface SortField {
  readonly sourceId: number;
  /** As in a partition field. */
  readonly transform: string;
  readonly direction: 'asc' | 'desc';
  readonly nullOrder: 'nulls-first' | 'nulls-last';
}

export const UNSORTED: SortOrder = { orderId: 0, fields: [] };
