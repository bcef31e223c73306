import { AppError } from '#shared/errors/app-error.ts';
import { askOnce } from './ask-once.ts';
import type { WriteReply, WriteRequest } from './write-protocol.ts';

interface PackedRows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
}

/** Makes Parquet of Arrow, in a worker. */
export class ParquetWriter {
  readonly #worker = new Worker(new URL('./write-parquet.worker.ts', import.meta.url), { type: 'module' });

  /** @param ipc a whole Arrow IPC stream; given away @throws AppError INTERNAL; one at a time */
  async write(ipc: Uint8Array<ArrayBuffer>): Promise<PackedRows> {
    const request: WriteRequest = { ipc };
    const reply = await askOnce<WriteReply>(this.#worker, request, [ipc.buffer], (why) =>
      notPacked(why || 'what packs them broke down'),
    );
    if (reply.kind === 'failed') throw notPacked(reply.message);
    return reply;
  }

  close(): void {
    this.#worker.terminate();
  }
}

function notPacked(why: string): AppError {
  return new AppError('INTERNAL', `The rows could not be packed to be sent: ${why.replace(/\.$/, '')}.`);
}
