import { setTimeout as pause } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { s3Error } from './s3-error.ts';
import { limitsOf, openS3Client, type S3Encryption, type S3Limits, type S3Settings } from './s3-client.ts';
import { keyOf, type S3Place } from './s3-place.ts';

/** An object: how requests and how people name it. */
export interface S3Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly location: string;
}

/** A warehouse's place in a store, and the way there. */
export class S3Store {
  readonly client: S3Client;
  readonly place: S3Place;
  readonly limits: S3Limits;
  readonly encryption: S3Encryption | undefined;
  readonly #endpoint: string | null;

  constructor(place: S3Place, settings: S3Settings) {
    this.client = openS3Client(settings);
    this.place = place;
    this.limits = limitsOf(settings);
    this.encryption = settings.encryption;
    this.#endpoint = settings.endpoint ?? null;
  }

  /** @throws PATH_OUTSIDE_ROOT, INVALID_INPUT */
  target(location: string): S3Target {
    return { Bucket: this.place.bucket, Key: keyOf(this.place, location), location };
  }

  /** What `work` gives; what it throws as an error that says what is wrong with the store or the object. */
  async ask<T>(location: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explain(error, location);
    }
  }

  explain(error: unknown, location: string): unknown {
    return s3Error(error, { bucket: this.place.bucket, location, endpoint: this.#endpoint });
  }
}

/** A pause before trying again, which grows and whose length is random: many that failed at once do not come back at once. */
export async function pauseBefore(attempt: number, signal?: AbortSignal): Promise<void> {
  const longest = Math.min(5_000, 50 * 2 ** attempt);
  await pause(Math.random() * longest, undefined, signal === undefined ? {} : { signal });
}
