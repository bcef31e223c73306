import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';

const PURPOSE = 'staged-location';
/** As long as a job may write before it commits its new table. */
const LIFETIME_MS = 24 * 3600 * 1000;

/**
 * Leave to write below a location that this catalog has just chosen for a table which is not committed yet, so that
 * nothing else says where it lies. It is signed and not kept: another server of the same lakehouse knows it too.
 */
export class LocationGrants {
  private readonly secret: string;
  private readonly now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(secret: string, now: () => number = Date.now) {
    this.secret = secret;
    this.now = now;
  }

  issue(location: string): string {
    const claims = Buffer.from(JSON.stringify({ location, until: this.now() + LIFETIME_MS })).toString(
      'base64url',
    );
    return `${claims}.${this.sign(claims)}`;
  }

  /** The location. @throws FORBIDDEN where it was not given here, or has run out */
  verify(grant: string): string {
    const [claims = '', signature = ''] = grant.split('.');
    const [given, own] = [Buffer.from(signature), Buffer.from(this.sign(claims))];
    if (given.length === own.length && timingSafeEqual(given, own)) {
      // Signed here, so it is what `issue` wrote.
      const { location, until } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
        location: string;
        until: number;
      };
      if (until > this.now()) return location;
    }
    throw new AppError(
      'FORBIDDEN',
      'The grant of a new table is not valid, or not any more: stage the table again.',
    );
  }

  private sign(claims: string): string {
    return createHmac('sha256', this.secret).update(`${PURPOSE}.${claims}`).digest('base64url');
  }
}
