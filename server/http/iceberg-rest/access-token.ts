import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'tsc';
export const LIFETIME_SECONDS = 3600;

/**
 * Bearer tokens of the protocol: the server's own, or one that this server gave for it, which says who the client is
 * and for how long. Such a token is signed and not kept, so it is valid after a restart too, and no more once the
 * server's token is another one.
 */
export class AccessTokens {
  private readonly secret: string;
  private readonly now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(secret: string, now: () => number = Date.now) {
    this.secret = secret;
    this.now = now;
  }

  isSecret(given: string): boolean {
    return equal(digest(given), digest(this.secret));
  }

  /** @param client null where it did not say its name */
  issue(client: string | null): string {
    const expires = Math.floor(this.now() / 1000) + LIFETIME_SECONDS;
    const claims = Buffer.from(JSON.stringify({ client, expires })).toString('base64url');
    return `${PREFIX}.${claims}.${this.sign(claims).toString('base64url')}`;
  }

  /** Whom a bearer token is of; null where it is not valid. */
  verify(token: string): { readonly client: string | null } | null {
    if (this.isSecret(token)) return { client: null };
    const [prefix, claims = '', signature = '', ...rest] = token.split('.');
    if (prefix !== PREFIX || rest.length > 0) return null;
    if (!equal(this.sign(claims), Buffer.from(signature, 'base64url'))) return null;
    // Signed by this server, so it is what `issue` wrote.
    const { client, expires } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
      client: string | null;
      expires: number;
    };
    return expires * 1000 > this.now() ? { client } : null;
  }

  private sign(claims: string): Buffer {
    return createHmac('sha256', this.secret).update(`${PREFIX}.${claims}`).digest();
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
