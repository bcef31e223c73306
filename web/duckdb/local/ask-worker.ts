import { AppError } from '#shared/errors/app-error.ts';
import type { LocalReply, LocalRequest } from './local-protocol.ts';

export interface WorkerSink {
  columns(reply: Extract<LocalReply, { kind: 'columns' }>): void;
  chunk(ipc: Uint8Array, rows: number): void;
  progress(done: number): void;
}

/**
 * Has a worker of its own read a file.
 *
 * @throws AppError CORRUPT_FILE that names the file, and the line where it is one of text; the signal's reason
 */
export function askWorker(request: LocalRequest, sink: WorkerSink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./local-file.worker.ts', import.meta.url), { type: 'module' });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort);
      worker.terminate();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason as Error));
    signal.addEventListener('abort', onAbort, { once: true });
    worker.addEventListener('error', ({ message }) => {
      end(() =>
        reject(fileFault(request.file, `can’t be read: ${message || 'what reads it broke down'}.`, null)),
      );
    });
    worker.addEventListener('message', ({ data }: MessageEvent<LocalReply>) => {
      if (data.kind === 'columns') sink.columns(data);
      else if (data.kind === 'chunk') sink.chunk(data.ipc, data.rows);
      else if (data.kind === 'progress') sink.progress(data.done);
      else if (data.kind === 'done') end(resolve);
      else end(() => reject(failed(request, data)));
    });
    worker.postMessage(request);
  });
}

/** @param what is said of the file after its name, and is a sentence with it */
export function fileFault({ name }: Pick<File, 'name'>, what: string, line: number | null): AppError {
  const where = line === null ? '' : `, line ${line.toLocaleString('en')}`;
  const context = { file: name, ...(line === null ? {} : { line }) };
  return new AppError('CORRUPT_FILE', `${name}${where}: ${what}`, { context });
}

function failed(
  { file, kind }: LocalRequest,
  { message, line }: Extract<LocalReply, { kind: 'failed' }>,
): AppError {
  if (line !== null) return fileFault(file, `${message}.`, line);
  const what = kind === 'rows' ? 'it can’t be read' : 'it can’t be read as Parquet';
  return fileFault(file, `${what} (${message.replace(/\.$/, '')}). Look whether it is whole.`, null);
}
