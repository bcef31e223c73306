import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { AppError } from '#shared/errors/app-error.ts';
import { signInPage } from '../sign-in-page.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Every request but `/health` carries the token: as bearer (scripts), as the cookie that the first visit with
 * `?token=…` sets (the page), or as that parameter. The parameter leaves the address at once, so that it does
 * not stay in the history or on a screenshot.
 *
 * @param others addresses that begin so ask for credentials of their own
 */
export function authentication(token: string, others: readonly string[] = []): MiddlewareHandler {
  const matches = equalTo(token);
  return async (c, next) => {
    if (c.req.path === '/health' || others.some((start) => c.req.path.startsWith(start))) return next();
    const url = new URL(c.req.url);
    const given = url.searchParams.get('token');
    if (given !== null && c.req.method === 'GET') {
      if (!matches(given)) return refuse(c, 'The token in this address is not the one of this server.');
      setCookie(c, cookieName(c), token, {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: YEAR_SECONDS,
      });
      url.searchParams.delete('token');
      return c.redirect(`${url.pathname}${url.search}`, 303);
    }
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (bearer !== undefined) {
      return matches(bearer) ? next() : refuse(c, 'The bearer token is not the one of this server.');
    }
    const cookie = getCookie(c, cookieName(c));
    if (cookie !== undefined && matches(cookie)) return next();
    return refuse(
      c,
      cookie === undefined
        ? 'This server needs its token.'
        : 'The token that this browser keeps is not valid any more.',
    );
  };
}

/** Cookies are shared by all ports of a host, so each server keeps its own by port. */
function cookieName(c: Context): string {
  const port = /:(\d+)$/.exec(c.req.header('host') ?? '')?.[1] ?? '80';
  return `timestream-${port}`;
}

function equalTo(token: string): (given: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}

function refuse(c: Context, why: string): Response {
  const page = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html');
  if (page) return c.html(signInPage(why), 401);
  throw new AppError(
    'UNAUTHENTICATED',
    `${why} Open the URL that the server printed when it started, or send it as a bearer token.`,
  );
}
