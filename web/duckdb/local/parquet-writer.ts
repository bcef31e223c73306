import { AppError } from '#shared/errors/app-error.ts';
import type { WriteReply, WriteRequest } from './write-protocol.ts';

interface PackedRows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
}

/** Makes Parquet of Arrow, in a worker. */
export class ParquetWriter {
  readonly #worker = new Worker(new URL('./write-parquet.worker.ts', import.meta.url), { type: 'module' });

  /** @param ipc a whole Arrow IPC stream; given away @throws AppError INTERNAL; one at a time */
  write(ipc: Uint8Array<ArrayBuffer>): Promise<PackedRows> {
    return new Promise((resolve, reject) => {
      const heard = new AbortController();
      const failed = (why: string) =>
        reject(
          new AppError('INTERNAL', `The rows could not be packed to be sent: ${why.replace(/\.$/, '')}.`),
        );
      const options = { signal: heard.signal };
      this.#worker.addEventListener(
        'error',
        ({ message }) => {
          heard.abort();
          failed(message || 'what packs them broke down');
        },
        options,
      );
      this.#worker.addEventListener(
        'message',
        ({ data }: MessageEvent<WriteReply>) => {
          heard.abort();
          if (data.kind === 'written') resolve(data);
          else failed(data.message);
        },
        options,
      );
      const request: WriteRequest = { ipc };
      this.#worker.postMessage(request, { transfer: [ipc.buffer] });
    });
  }

  close(): void {
    this.#worker.terminate();
  }
}
