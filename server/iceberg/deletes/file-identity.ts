/** A location taken apart; absent parts are ''. */
interface LocationParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

const ROOT = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/]*)?(?=\/)/;

/** Schemes that name one store: Hadoop's three clients of S3, and none beside `file`. */
const ALIASES: Readonly<Record<string, string>> = { s3a: 's3', s3n: 's3', abfss: 'abfs', wasbs: 'wasb' };

/**
 * What locations of one file have in common however they are written: engines write `s3a://b/x` where others
 * write `s3://b/x`, and `file:/x`, `file:///x` or `/x`. Equal keys are not yet the same file: see sameFile.
 */
export function fileKey(location: string): string {
  return partsOf(location).path;
}

/** Whether two locations name one file, without regard to a scheme or authority that only one of them gives. */
export function sameFile(a: string, b: string): boolean {
  if (a === b) return true;
  const x = partsOf(a);
  const y = partsOf(b);
  return x.path === y.path && agree(x.scheme, y.scheme) && agree(x.authority, y.authority);
}

/** What of a location comes after a prefix, with its slash; null where it does not lie there. As sameFile compares. */
export function restBelow(prefix: string, location: string): string | null {
  const x = partsOf(prefix);
  const y = partsOf(location);
  const path = x.path.replace(/\/+$/, '');
  if (!agree(x.scheme, y.scheme) || !agree(x.authority, y.authority) || !y.path.startsWith(path)) return null;
  const rest = y.path.slice(path.length);
  return rest === '' || rest.startsWith('/') ? rest : null;
}

/** How a location begins, as it is written: scheme and authority with their slashes; '' where it has none. */
export function fileRoot(location: string): string {
  return ROOT.exec(location)?.[0] ?? '';
}

function agree(a: string, b: string): boolean {
  return a === b || a === '' || b === '';
}

function partsOf(location: string): LocationParts {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?(\/.*)$/s.exec(location);
  if (match === null) return { scheme: '', authority: '', path: collapse(location) };
  const scheme = (match[1] ?? '').toLowerCase();
  return {
    scheme: ALIASES[scheme] ?? scheme,
    authority: match[2] ?? '',
    path: collapse(match[3] ?? ''),
  };
}

function collapse(path: string): string {
  return path.startsWith('//') ? path.replace(/^\/+/, '/') : path;
}
