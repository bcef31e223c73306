import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { abortError } from '../execute/abort.ts';
import { trinoError, type TrinoFailure } from './trino-error.ts';

export interface TrinoOptions {
  /** http(s)://host:port, without a path. */
  readonly url: string;
  readonly user: string;
  /** Sent as Basic with the user; only over https, as Trino has it. */
  readonly password: string | null;
  /** Sent as Bearer. */
  readonly token: string | null;
  readonly catalog: string;
  readonly timeoutMs: number;
}

/** What Trino answers to a statement, and to each question for more of it. */
interface StatementPage {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: TrinoFailure;
}

/** Too busy, or restarting: as Trino's protocol says, such a request is sent again. */
const AGAIN = new Set([429, 502, 503, 504]);
const MOST_TRIES = 6;
const FIRST_WAIT_MS = 100;
/** Trino holds an answer back for a second where it has none yet. */
const ANSWER_MS = 60_000;

/**
 * Statements by Trino's own REST protocol: one request begins a statement, and each answer names the next, until one
 * names none. Rows are held for one answer at a time.
 */
export class TrinoClient {
  readonly #options: TrinoOptions;

  constructor(options: TrinoOptions) {
    this.#options = options;
  }

  /**
   * Rows as they come, some at a time. Whoever stops taking them ends the statement on the cluster.
   *
   * @throws UNAVAILABLE, UNSUPPORTED (it does not take the statement), SQL_RUNTIME, OUT_OF_MEMORY, TIMEOUT; AbortError
   */
  async *rows(sql: string, signal: AbortSignal): AsyncGenerator<readonly (readonly unknown[])[]> {
    let next: string | undefined;
    try {
      let page = await this.#ask('POST', `${this.#options.url}/v1/statement`, signal, sql);
      for (;;) {
        next = page.nextUri;
        if (page.error !== undefined) throw trinoError(page.error);
        if (page.data !== undefined && page.data.length > 0) yield page.data;
        if (next === undefined) return;
        page = await this.#ask('GET', this.#own(next), signal);
      }
    } finally {
      if (next !== undefined) await this.#end(next);
    }
  }

  async #ask(
    method: 'POST' | 'GET',
    url: string,
    signal: AbortSignal,
    body?: string,
  ): Promise<StatementPage> {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const outcome = await this.#once(method, url, signal, body);
      if (!(outcome instanceof AppError)) return outcome;
      if (tries >= MOST_TRIES) throw outcome;
      await sleep(FIRST_WAIT_MS * 2 ** (tries - 1), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Its answer, or what to throw where asking again does not help either. @throws UNAVAILABLE where it would not */
  async #once(
    method: 'POST' | 'GET',
    url: string,
    signal: AbortSignal,
    body: string | undefined,
  ): Promise<StatementPage | AppError> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers: this.#headers(),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
        redirect: 'error',
        ...(body === undefined ? {} : { body }),
      });
      text = await response.text();
    } catch (error) {
      if (signal.aborted) throw abortError();
      const down = this.#down(`does not answer (${reasonOf(error)})`);
      if (method === 'GET') return down;
      // It may have begun the statement, and is not to work on it twice.
      throw down;
    }
    // Of a proxy's answer the same is true, but that is how Trino's protocol has it; statements only read.
    if (AGAIN.has(response.status)) return this.#down(`answers ${response.status}`);
    if (response.status === 401 || response.status === 403)
      throw this.#down(
        `turns the server away (${response.status}); check CLUSTER_TRINO_USER and what goes with it`,
      );
    if (!response.ok) throw this.#down(`answers ${response.status}: ${text.slice(0, 200)}`);
    const page = pageOf(text);
    if (page === null) throw this.#down('sent an answer that is none of Trino’s protocol');
    return page;
  }

  /** On a cluster that is gone the statement is, too. */
  async #end(next: string): Promise<void> {
    const signal = AbortSignal.timeout(5000);
    await fetch(this.#own(next), { method: 'DELETE', headers: this.#headers(), signal }).catch(
      () => undefined,
    );
  }

  /** Credentials go nowhere else. @throws UNAVAILABLE */
  #own(uri: string): string {
    const [asked, own] = [URL.parse(uri), new URL(this.#options.url)];
    if (asked?.origin === own.origin) return uri;
    throw this.#down(
      `names ${asked?.origin ?? 'no address'} for the next rows, which is another address than CLUSTER_TRINO_URL`,
    );
  }

  #headers(): Record<string, string> {
    const { user, password, token, catalog, timeoutMs } = this.#options;
    const basic = password === null ? null : Buffer.from(`${user}:${password}`).toString('base64');
    const authorization = token !== null ? `Bearer ${token}` : basic === null ? null : `Basic ${basic}`;
    return {
      'X-Trino-User': user,
      'X-Trino-Source': 'timestream',
      'X-Trino-Catalog': catalog,
      // As the sessions of our own engines.
      'X-Trino-Time-Zone': 'UTC',
      'X-Trino-Language': 'en-US',
      'X-Trino-Session': `query_max_run_time=${Math.ceil(timeoutMs / 1000)}s`,
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
      ...(authorization === null ? {} : { Authorization: authorization }),
    };
  }

  #down(what: string): AppError {
    return new AppError('UNAVAILABLE', `The cluster at ${this.#options.url} ${what}.`);
  }
}

/** Null where it is no page. */
function pageOf(text: string): StatementPage | null {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof page !== 'object' || page === null || !('id' in page)) return null;
  const { data, nextUri } = page as StatementPage;
  if (data !== undefined && !(Array.isArray(data) && data.every(Array.isArray))) return null;
  return nextUri === undefined || typeof nextUri === 'string' ? (page as StatementPage) : null;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return errorMessage(cause).slice(0, 200);
}
