/** What a list of updates has done so far, as far as later updates of the list depend on it. */
export interface Draft {
  /** Milliseconds since 1970, not before the table's last update. */
  readonly now: number;
  /** Snapshots that these updates add. */
  readonly addedSnapshots: Set<bigint>;
  /** What "the last one added" (-1) stands for. */
  readonly added: { schema?: number; 'partition spec'?: number; 'sort order'?: number };
}
