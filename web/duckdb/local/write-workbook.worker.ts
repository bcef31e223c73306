/** Writes one Excel workbook from rows as they come, then ends. */
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { workbook, workbookNotes, type WorkbookOutcome } from '#shared/workbook/workbook.ts';
import { writeZip } from '#shared/workbook/zip.ts';
import type { WorkbookReply, WorkbookRequest, WrittenWorkbook } from './workbook-protocol.ts';
import { workbookRows } from './workbook-rows.ts';
import { openTarget } from './workbook-target.ts';

/** A piece waits until the one before it is read. */
const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
const pieces = writable.getWriter();
let written: Promise<WrittenWorkbook> | null = null;

async function write({
  columns,
  target,
}: Extract<WorkbookRequest, { kind: 'begin' }>): Promise<WrittenWorkbook> {
  const file = await openTarget(target);
  try {
    const outcome: WorkbookOutcome = { rows: 0, sheets: 0, cut: 0 };
    const bytes = await writeZip(file, workbook(columns, workbookRows(readable), outcome));
    return { rows: outcome.rows, bytes, notes: workbookNotes(outcome), file: await file.finish() };
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
}

async function answer(request: WorkbookRequest): Promise<WorkbookReply> {
  switch (request.kind) {
    case 'begin':
      written = write(request);
      // It is heard of with the next request.
      written.catch(() => undefined);
      return { kind: 'taken' };
    case 'piece':
      await Promise.race([pieces.ready, written]);
      pieces.write(request.ipc).catch(() => undefined);
      return { kind: 'taken' };
    case 'abort':
      await pieces.abort().catch(() => undefined);
      await written?.catch(() => undefined);
      return { kind: 'taken' };
    case 'end': {
      await Promise.race([pieces.close(), written]);
      const whole = await written;
      return whole === null ? failure(new TypeError('nothing was begun')) : { kind: 'written', ...whole };
    }
  }
}

function failure(error: unknown): WorkbookReply {
  if (isAppError(error)) return { kind: 'failed', code: error.code, message: error.message };
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return {
      kind: 'failed',
      code: 'STORAGE_FULL',
      message: 'There is no room for the file where it is written. Make room there, or export less.',
    };
  const why = errorMessage(error).replace(/\.$/, '');
  return { kind: 'failed', code: 'INTERNAL', message: `The workbook could not be written: ${why}.` };
}

self.addEventListener('message', ({ data }: MessageEvent<WorkbookRequest>) => {
  answer(data)
    .catch(failure)
    .then((reply) => self.postMessage(reply))
    .catch(reportError);
});
