import type { ErrorCode } from '#shared/errors/codes.ts';
import type { WorkbookColumn } from '#shared/workbook/workbook-sql.ts';

/** Each is answered once, and the next is sent then. */
export type WorkbookRequest =
  | {
      readonly kind: 'begin';
      readonly columns: readonly WorkbookColumn[];
      /** Where the file goes; null where the browser's downloads are to take it. */
      readonly target: FileSystemFileHandle | null;
    }
  /** A piece of one Arrow IPC stream, whose columns are text. */
  | { readonly kind: 'piece'; readonly ipc: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  | { readonly kind: 'abort' };

export interface WrittenWorkbook {
  readonly rows: number;
  readonly bytes: number;
  readonly notes: readonly string[];
  /** Where no place was given: the file, for the browser's downloads. */
  readonly file: Blob | null;
}

export type WorkbookReply =
  | { readonly kind: 'taken' }
  | ({ readonly kind: 'written' } & WrittenWorkbook)
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
