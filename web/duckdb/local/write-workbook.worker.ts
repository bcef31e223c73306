/** Writes one Excel workbook from rows as they come, then ends. */
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { workbook, workbookNotes, type WorkbookOutcome } from '#shared/workbook/workbook.ts';
import { writeZip } from '#shared/workbook/zip.ts';
import { PieceFeed } from './piece-feed.ts';
import type { WorkbookReply, WorkbookRequest, WrittenWorkbook } from './workbook-protocol.ts';
import { workbookRows } from './workbook-rows.ts';
import { openTarget } from './workbook-target.ts';

let feed: PieceFeed<WrittenWorkbook> | null = null;

async function write(
  { columns, target }: Extract<WorkbookRequest, { kind: 'begin' }>,
  pieces: ReadableStream<Uint8Array>,
): Promise<WrittenWorkbook> {
  const file = await openTarget(target);
  try {
    const outcome: WorkbookOutcome = { rows: 0, sheets: 0, cut: 0 };
    const bytes = await writeZip(file, workbook(columns, workbookRows(pieces), outcome));
    return { rows: outcome.rows, bytes, notes: workbookNotes(outcome), file: await file.finish() };
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
}

async function answer(request: WorkbookRequest): Promise<WorkbookReply> {
  switch (request.kind) {
    case 'begin':
      feed = new PieceFeed(async (pieces) => write(request, pieces));
      return { kind: 'taken' };
    case 'piece':
      await feed?.put(request.ipc);
      return { kind: 'taken' };
    case 'abort':
      await feed?.abort();
      return { kind: 'taken' };
    case 'end':
      return feed === null
        ? failure(new TypeError('nothing was begun'))
        : { kind: 'written', ...(await feed.end()) };
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
