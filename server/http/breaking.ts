import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/**
 * A body that breaks its connection where it fails. Left alone, the adapter would write the error's words behind what was
 * sent and end the answer in good order, as if it were whole.
 */
export function breaking(c: Context, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  // Absent where no connection is.
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (outgoing === undefined) throw error;
        outgoing.destroy();
        controller.close();
      }
    },
    async cancel(reason) {
      await reader.cancel(reason);
    },
  });
}
