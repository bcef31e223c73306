import type { Logger } from 'pino';
import type { Catalog } from '#server/catalog/catalog.ts';
import type { ContentMerger } from '#server/catalog/merge/content-merger.ts';
import type { FileCopies } from '#server/engine/files/file-copies.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { JobBoard } from './jobs/index.ts';
import type { NotebookStore } from './notebooks/index.ts';
import type { FieldIdStore } from './tables/index.ts';

/** What every service gets: the ports, wired once in main.ts. */
export interface ServiceContext {
  readonly catalog: Catalog;
  /** Combines what two branches changed of one table; without it, that conflicts. */
  readonly merger?: ContentMerger;
  /** Keeps the ids of new columns apart between branches; without it, each branch takes its next ones. */
  readonly fieldIds?: FieldIdStore;
  readonly io: FileIO;
  /** Of Avro data files, for engines that read Parquet; without them, no Avro file is read. */
  readonly copies?: Pick<FileCopies, 'parquetOf'>;
  readonly notebooks: NotebookStore;
  readonly settings: SettingStore;
  readonly jobs: JobBoard;
  readonly logger: Logger;
  /** Who commits are by. */
  readonly author: string;
}

/** Small facts about the lakehouse that outlive a restart. */
export interface SettingStore {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}
