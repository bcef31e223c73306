import type { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import type { RequestSigner } from '#server/storage/request-signer.ts';
import type { ViewReading } from '../views/index.ts';
import type { LocationGrants } from './location-grants.ts';

export interface RestContext extends ViewReading {
  readonly manifests: ManifestCache;
  /** What engines need to know of the storage, beside their own credentials for it. */
  readonly engineProperties?: Readonly<Record<string, string>>;
  /** Where the warehouse is an object store: clients without keys of it have their requests signed. */
  readonly signing?: { readonly signer: RequestSigner; readonly grants: LocationGrants };
}

/** Who sent a request, as far as commits tell of it. */
export interface RestClient {
  /** Whom the commits are by; null: the server's own. */
  readonly author: string | null;
  /** Product and version, e.g. PyIceberg 0.12.0; null where the client does not say. */
  readonly program: string | null;
  /** Of the request; a commit carries it, so that a repeated request is known by it after a restart too. */
  readonly idempotencyKey: string | null;
}

/** A table or view as JSON of the protocol; `etag` is null while nothing is committed. */
export interface RestAnswer {
  readonly json: Readonly<Record<string, unknown>>;
  readonly etag: string | null;
}
