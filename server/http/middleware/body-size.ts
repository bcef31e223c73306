import { bodyLimit } from 'hono/body-limit';
import type { MiddlewareHandler } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';

const MIB = 1024 * 1024;

/** Bodies are read into memory whole, so there is an end to them. */
export function bodySize(mebibytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: mebibytes * MIB,
    onError: () => {
      throw new AppError('PAYLOAD_TOO_LARGE', `The request's body is larger than ${mebibytes} MiB.`, {
        context: { in: 'body', maxBytes: mebibytes * MIB },
      });
    },
  });
}
