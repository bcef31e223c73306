import type { Context } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';
import { LIFETIME_SECONDS, type AccessTokens } from './access-token.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/**
 * `POST /v1/oauth/tokens`: client credentials, whose secret is the server's token and whose id becomes the author of
 * commits; and the exchange of a token for a younger one.
 */
export async function answerToken(c: Context, tokens: AccessTokens): Promise<Response> {
  const form = new URLSearchParams(await c.req.text());
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') {
    const { id, secret } = credentialsOf(c, form);
    if (secret === null) return refuse(c, 400, 'invalid_request', 'client_secret is missing.');
    if (!tokens.isSecret(secret))
      return refuse(c, 401, 'invalid_client', 'The client secret is not the token of this server.');
    return give(c, tokens.issue(id), form);
  }
  if (grant === EXCHANGE) {
    const subject = tokens.verify(form.get('subject_token') ?? '');
    if (subject === null)
      return refuse(c, 401, 'invalid_grant', 'The subject token is not valid, or not any more.');
    return give(c, tokens.issue(subject.client), form);
  }
  return refuse(c, 400, 'unsupported_grant_type', `Use client_credentials or ${EXCHANGE}.`);
}

function credentialsOf(
  c: Context,
  form: URLSearchParams,
): { readonly id: string | null; readonly secret: string | null } {
  const basic = /^Basic (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (basic === undefined) return { id: nonEmpty(form.get('client_id')), secret: form.get('client_secret') };
  const text = Buffer.from(basic, 'base64').toString();
  const colon = text.indexOf(':');
  return { id: nonEmpty(text.slice(0, Math.max(0, colon))), secret: text.slice(colon + 1) };
}

function nonEmpty(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}

function give(c: Context, token: string, form: URLSearchParams): Response {
  const scope = form.get('scope');
  return c.json(
    {
      access_token: token,
      token_type: 'bearer',
      expires_in: LIFETIME_SECONDS,
      issued_token_type: ACCESS_TOKEN,
      ...(scope === null ? {} : { scope }),
    },
    200,
    { 'cache-control': 'no-store' },
  );
}

function refuse(c: Context, status: 400 | 401, error: string, description: string): Response {
  return c.json({ error, error_description: description }, status);
}

/** Whom a request is of. @throws UNAUTHENTICATED */
export function authenticate(c: Context, tokens: AccessTokens): { readonly client: string | null } {
  const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const subject = bearer === undefined ? null : tokens.verify(bearer);
  if (subject !== null) return subject;
  throw new AppError(
    'UNAUTHENTICATED',
    bearer === undefined
      ? 'This catalog needs a token: set the client\'s "token" to the token of the server, or its "credential" to NAME:TOKEN.'
      : 'The bearer token is not valid, or not any more.',
  );
}
