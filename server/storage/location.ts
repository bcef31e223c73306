import { AppError } from '#shared/errors/app-error.ts';

/** The folder below a local root in which objects are written before they become visible. */
export const TEMPORARY_FOLDER = '.tmp';

/** Folders right below a root that hold no objects: what is written there is not finished. */
export function isHidden(topSegment: string): boolean {
  return topSegment.startsWith('.');
}

// Any spelling of "." and "..", also the encoded ones: this code never decodes, but another engine might.
const DOTS = /^(?:\.|%2e){1,2}$/i;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f\\]/;

/**
 * The path segments of a location below a root. A location is its root, a slash and the path as plain text:
 * percent signs are part of the name and never decoded, which is how Spark, PyIceberg, DuckDB and Trino read
 * locations too.
 *
 * @throws AppError PATH_OUTSIDE_ROOT where the location is not strictly below the root.
 */
export function segmentsBelow(root: string, location: string): readonly string[] {
  const canonical = canonicalLocation(location);
  if (!canonical.startsWith(`${root}/`)) {
    throw outside(location, `it does not start with ${root}/`);
  }
  const segments = canonical.slice(root.length + 1).split('/');
  for (const segment of segments) {
    if (segment === '') throw outside(location, 'it has an empty path segment');
    if (DOTS.test(segment)) throw outside(location, `it has the path segment "${segment}"`);
    if (UNSAFE.test(segment)) throw outside(location, 'it has a control character or a backslash');
  }
  if (isHidden(segments[0] ?? '')) {
    throw outside(location, `the folder ${segments[0]} is kept for unfinished files`);
  }
  return segments;
}

/** @throws AppError INVALID_INPUT for names that other engines would cut off when they parse a location as a URL. */
export function checkNewLocation(location: string, segments: readonly string[]): void {
  const bad = segments.find((segment) => /[?#]/.test(segment));
  if (bad === undefined) return;
  throw new AppError(
    'INVALID_INPUT',
    `"${bad}" in ${location} can't be a file name in the lakehouse: other engines read "?" and "#" in a location as the end of the path. Choose a name without them.`,
    { context: { location } },
  );
}

/** Whether a location lies strictly below a root, as far as its text says. */
export function isBelow(root: string, location: string): boolean {
  return canonicalLocation(location).startsWith(`${root}/`);
}

/** Hadoop writes file:/x or /x, others file://localhost/x: all mean file:///x. And its clients of S3 have names of their own. */
export function canonicalLocation(location: string): string {
  if (location.startsWith('file://localhost/')) return `file://${location.slice('file://localhost'.length)}`;
  if (location.startsWith('file:/') && !location.startsWith('file://')) return `file://${location.slice(5)}`;
  if (location.startsWith('/')) return `file://${location}`;
  return location.replace(/^s3[an]:\/\//, 's3://');
}

/** Byte order of the UTF-8 forms, as S3 lists; it differs from UTF-16 order beyond the basic plane. */
export function compareLocations(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit, though their own numbers are lower. */
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

function outside(location: string, why: string): AppError {
  return new AppError(
    'PATH_OUTSIDE_ROOT',
    `${JSON.stringify(location)} is not a place in this lakehouse's storage: ${why}.`,
    { context: { location } },
  );
}
