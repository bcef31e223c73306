import { isBelow } from '#server/storage/location.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import type { RestAnswer, RestContext } from './rest-context.ts';

/** How a client says that it has its requests signed, in X-Iceberg-Access-Delegation. */
const SIGNING = 'remote-signing';
/** Levels of a namespace in an address. */
const LEVEL_SEPARATOR = '\u001f';

export interface Delegation {
  readonly prefix: string;
  readonly key: ContentKey;
  /** What the client says it can do: the header, with commas between. */
  readonly asked: string | undefined;
  /** The client has chosen where its new table lies; false for one that is there. */
  readonly choseLocation: boolean;
}

/**
 * A table as it was going to be answered, and how its files are reached without keys of the object store, where the
 * client can do that and there is a store. Java clients and PyIceberg call the same settings by different names.
 */
export function delegateAccess(
  { signing, io }: RestContext,
  answer: RestAnswer,
  { prefix, key, asked = '', choseLocation }: Delegation,
): RestAnswer {
  const mechanisms = asked.split(',').map((one) => one.trim().toLowerCase());
  const { location } = answer.json['metadata'] as { readonly location: string };
  const isStaged = answer.json['metadata-location'] === null;
  if (signing === undefined || !mechanisms.includes(SIGNING) || !isBelow(io.root, location)) return answer;
  if (isStaged && choseLocation) return answer;
  const path = [
    'v1',
    prefix,
    'namespaces',
    key.slice(0, -1).join(LEVEL_SEPARATOR),
    'tables',
    key.at(-1) ?? '',
    'sign',
  ]
    .map(encodeURIComponent)
    .join('/');
  const endpoint = isStaged ? `${path}?grant=${signing.grants.issue(location)}` : path;
  const config = {
    ...(answer.json['config'] as Readonly<Record<string, string>>),
    's3.remote-signing-enabled': 'true',
    'signer.endpoint': endpoint,
    's3.signer.endpoint': endpoint,
    's3.signer': 'S3V4RestSigner',
    // Of its two ways to files, this is the one that can have requests signed.
    'py-io-impl': 'pyiceberg.io.fsspec.FsspecFileIO',
    // No keys at all, but PyIceberg shares its connections between tables that have the same, and then has the requests
    // of one signed as another's.
    's3.access-key-id': `signed for ${location}`,
    's3.secret-access-key': 'none',
  };
  return { ...answer, json: { ...answer.json, config } };
}
