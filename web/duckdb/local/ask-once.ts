import type { AppError } from '#shared/errors/app-error.ts';

/**
 * Asks a worker that answers each request with one message; one request at a time.
 *
 * @param broken what is thrown where the worker breaks down, which then answers nothing any more
 */
export function askOnce<Reply>(
  worker: Worker,
  request: unknown,
  transfer: Transferable[],
  broken: (why: string) => AppError,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const heard = new AbortController();
    const { signal } = heard;
    worker.addEventListener(
      'error',
      ({ message }) => {
        heard.abort();
        reject(broken(message));
      },
      { signal },
    );
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<Reply>) => {
        heard.abort();
        resolve(data);
      },
      { signal },
    );
    worker.postMessage(request, { transfer });
  });
}
