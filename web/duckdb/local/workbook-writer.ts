import { AppError } from '#shared/errors/app-error.ts';
import { workbookSql } from '#shared/workbook/workbook-sql.ts';
import type { RowTaker } from '../types.ts';
import { askOnce } from './ask-once.ts';
import type { WorkbookReply, WorkbookRequest, WrittenWorkbook } from './workbook-protocol.ts';

/** Makes an Excel workbook of an answer's rows as they come, in a worker. For one answer. */
export class WorkbookWriter implements RowTaker {
  readonly #target: FileSystemFileHandle | null;
  #written: WrittenWorkbook | null = null;

  /** @param target where the file goes; null where the browser's downloads are to take it */
  constructor(target: FileSystemFileHandle | null) {
    this.#target = target;
  }

  /** What was written, once all rows are. */
  get written(): WrittenWorkbook {
    if (this.#written !== null) return this.#written;
    throw new AppError('INTERNAL', 'The workbook is not written yet.');
  }

  sql: RowTaker['sql'] = ({ columns, sql }) => workbookSql(columns, sql);

  /** @throws STORAGE_FULL; INTERNAL; what `pieces` throws, and then no file is left */
  take: RowTaker['take'] = async (pieces, { columns }) => {
    const worker = new Worker(new URL('./write-workbook.worker.ts', import.meta.url), { type: 'module' });
    let broken = false;
    const ask = async (request: WorkbookRequest, transfer: Transferable[] = []): Promise<WorkbookReply> => {
      const reply = await askOnce<WorkbookReply>(worker, request, transfer, (message) => {
        broken = true;
        const why = message || 'what writes it broke down';
        return new AppError('INTERNAL', `The workbook could not be written: ${why}.`);
      });
      if (reply.kind === 'failed') throw new AppError(reply.code, reply.message);
      return reply;
    };
    try {
      await ask({ kind: 'begin', columns, target: this.#target });
      for await (const piece of pieces) {
        const ipc = piece.slice();
        await ask({ kind: 'piece', ipc }, [ipc.buffer]);
      }
      const reply = await ask({ kind: 'end' });
      if (reply.kind === 'written') this.#written = reply;
    } catch (error) {
      // What broke down answers nothing any more; without it the file is not put in its place either.
      if (!broken) await ask({ kind: 'abort' }).catch(() => undefined);
      throw error;
    } finally {
      worker.terminate();
    }
  };
}
