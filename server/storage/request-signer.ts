/** A request to an object store that somebody else is to send, who has no keys of the store. */
export interface StorageRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** What a request would do. */
export interface StorageAccess {
  readonly kind: 'read' | 'write' | 'list';
  /** Of the one object, or of the folder that is listed. */
  readonly location: string;
}

export interface SignedRequest {
  readonly uri: string;
  /** To be sent beside the request's own. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Signs requests with the server's keys; whether one may be made is for the caller to judge, by what it would do. */
export interface RequestSigner {
  /** @throws FORBIDDEN where it is for another store, or does what nobody else should do */
  accessOf(request: StorageRequest): StorageAccess;
  /** Of the very request that was judged. @throws as accessOf; STORAGE_REFUSED without keys */
  sign(request: StorageRequest): Promise<SignedRequest>;
}
