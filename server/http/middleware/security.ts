import type { MiddlewareHandler } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // wasm-unsafe-eval: DuckDB and the Parquet reader are WebAssembly.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  // Monaco and the charts set styles on elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Isolation that the multi-threaded engine needs, and a policy under which the page can ask no other host. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // Of an answer that is there, c.header would make another for each, which reads its bytes through a stream.
  const { headers } = c.res;
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
};

/**
 * No other web page can drive this server: a name that was made to resolve to 127.0.0.1 fails the Host check
 * (DNS rebinding), a foreign page's request fails the Origin check.
 *
 * @param allowed names accepted beside the loopback ones; with or without a port
 */
export function sameOriginOnly(allowed: readonly string[]): MiddlewareHandler {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', ...allowed]);
  const known = (host: string) => names.has(host) || names.has(host.replace(/:\d+$/, ''));
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (!known(host)) {
      throw new AppError(
        'FORBIDDEN',
        `The host name "${host}" is not one this server answers to. Set ALLOWED_HOSTS to add it.`,
        {
          context: { host },
        },
      );
    }
    const origin = c.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new AppError('FORBIDDEN', `A page of another origin (${origin}) can't use this server.`, {
        context: { origin },
      });
    }
    const site = c.req.header('sec-fetch-site');
    const foreign = site === 'cross-site' || site === 'same-site';
    if (foreign && c.req.header('sec-fetch-mode') !== 'navigate') {
      throw new AppError('FORBIDDEN', "Another site can't load anything from this server.", {
        context: { site },
      });
    }
    await next();
  };
}
