/** 'PFA1', at the start of a Puffin file and on both sides of its footer. */
export const PUFFIN_MAGIC = Uint8Array.of(0x50, 0x46, 0x41, 0x31);

/** What the footer of a Puffin file says of one blob. */
export interface PuffinBlob extends PuffinBlobInfo {
  /** Where it is in the file, in bytes, as it is stored. */
  readonly offset: number;
  readonly length: number;
  /** Absent: stored as it is. */
  readonly compressionCodec?: string;
}

/** What a blob is, wherever it lies. */
export interface PuffinBlobInfo {
  readonly type: string;
  /** Ids of the fields it was made from. */
  readonly fields: readonly number[];
  /** Snapshot and sequence number of the table it was made of; -1 where it is not known yet (deletion vectors). */
  readonly snapshotId: bigint;
  readonly sequenceNumber: bigint;
  readonly properties: Readonly<Record<string, string>>;
}

export interface PuffinFooter {
  readonly blobs: readonly PuffinBlob[];
  readonly properties: Readonly<Record<string, string>>;
}
