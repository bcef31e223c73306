import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { HookEvent } from '#shared/contract/hooks.ts';
import type { StoredHook } from './hook-store.ts';

export interface WebhookAnswer {
  readonly delivered: boolean;
  readonly status: number | null;
  /** Why it is not delivered. */
  readonly problem: string | null;
  /** What a hook that is asked before something says against it. */
  readonly veto: string | null;
}

/** An answer is a sentence or two; more is not read. */
const ANSWER_BYTES = 64 * 1024;

/**
 * Sends an event. Whoever gets it computes HMAC-SHA256 of `<timestamp>.<body>` with the secret, and compares it with
 * `v1` of the header `x-timestream-signature: t=<seconds since 1970>,v1=<hex>`. An answer of 2xx takes it; the JSON
 * `{"allow": false, "reason": …}` in it is a veto.
 */
export async function sendWebhook(
  { url, secret, timeoutMs }: Pick<StoredHook, 'url' | 'secret' | 'timeoutMs'>,
  event: HookEvent,
  body: string,
  signal?: AbortSignal,
): Promise<WebhookAnswer> {
  const seconds = Math.floor(Date.now() / 1000);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'timestream-hooks',
        'x-timestream-event': event,
        'x-timestream-delivery': randomUUID(),
        'x-timestream-signature': `t=${seconds},v1=${signatureOf(secret, seconds, body)}`,
      },
      body,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const answer = await readSome(response);
    const { status } = response;
    if (!response.ok) return { delivered: false, status, problem: `It answered ${status}.`, veto: null };
    return { delivered: true, status, problem: null, veto: vetoIn(answer) };
  } catch (error) {
    const problem = timeout.aborted ? `It did not answer within ${timeoutMs} ms.` : reasonOf(error);
    return { delivered: false, status: null, problem, veto: null };
  }
}

export function signatureOf(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

/** For receivers in this process and for tests: whether a signature header is that of a body. */
export function isSignedBy(secret: string, header: string, body: string): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header);
  if (match === null) return false;
  const expected = signatureOf(secret, Number(match[1]), body);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(match[2] ?? ''));
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function vetoIn(answer: string): string | null {
  try {
    const said: unknown = JSON.parse(answer);
    if (typeof said !== 'object' || said === null || !('allow' in said) || said.allow !== false) return null;
    return 'reason' in said && typeof said.reason === 'string'
      ? said.reason.slice(0, 2000)
      : 'no reason given';
  } catch {
    // Many receivers answer "ok".
    return null;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return `It can't be reached: ${errorMessage(cause ?? error)}.`;
}
