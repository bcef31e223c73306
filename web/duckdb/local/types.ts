import type { ResultColumn } from '#shared/contract/plan.ts';
import type { SaveUploadRequest, SaveUploadResult } from '#shared/contract/uploads.ts';
import type { AppError } from '#shared/errors/app-error.ts';

export type LocalFormat = 'csv' | 'json' | 'parquet' | 'arrow';

/** A file of this computer that queries in this tab can name. */
export interface LocalFile {
  readonly id: string;
  /** As queries name it. */
  readonly name: string;
  readonly fileName: string;
  /** Of the file as it lies on the disk. */
  readonly bytes: number;
  readonly format: LocalFormat;
  /** `away`: this page was opened anew, and the browser lets it read the file only when it is asked to, or given it again. */
  readonly state: 'reading' | 'ready' | 'failed' | 'away';
  /** Whether `reopen` can bring back one that is away. */
  readonly canReopen: boolean;
  /** Bytes read, while it is being read. */
  readonly done: number;
  /** Null until they are counted. */
  readonly rows: number | null;
  /** Empty until they are known. */
  readonly columns: readonly ResultColumn[];
  readonly error: AppError | null;
  /** What a person should know of how it was read, a sentence each. */
  readonly notes: readonly string[];
}

/** A file that a person gave to the page. */
export interface GivenFile {
  readonly file: File;
  /** Lets the page read the file again when it is next opened; where the browser has such. */
  readonly handle?: FileSystemFileHandle;
}

/** How the rows of a file become a table's. */
export interface SaveFile extends Required<Pick<SaveUploadRequest, 'table' | 'branch' | 'mode'>> {
  /** `from` is the file's column, `name` the table's. */
  readonly columns: readonly { readonly from: string; readonly name: string; readonly type: string }[];
}

export interface SaveProgress {
  /** Sent so far, as they are packed. */
  readonly bytes: number;
  readonly rows: number;
  /** All rows are there, and become the table's. */
  readonly committing: boolean;
}

/** The files of this tab. */
export interface LocalFiles {
  list(): readonly LocalFile[];
  subscribe(listener: () => void): () => void;
  /** What planning has to know of those that can be queried. */
  relations(): readonly { readonly name: string; readonly columns: readonly ResultColumn[] }[];
  /** Takes files at once and reads them. @throws AppError INVALID_INPUT for those that are of no kind it knows, once the others are taken */
  add(given: readonly GivenFile[]): readonly LocalFile[];
  /** @throws AppError INVALID_INPUT for a name that another has, or that none can have */
  rename(id: string, name: string): void;
  remove(id: string): void;
  /** @throws AppError as saveFile; the signal's reason */
  save(
    id: string,
    save: SaveFile,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: SaveProgress) => void },
  ): Promise<SaveUploadResult>;
  /** Asks the browser for a file that is away; to be called on a click. */
  reopen(id: string): Promise<void>;
}
