import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';

type Properties = Readonly<Record<string, string>>;

const MANIFEST_TARGET_BYTES = 8 * 1024 * 1024;
const MIN_MANIFESTS_TO_MERGE = 100;

/** `commit.manifest.target-size-bytes`. */
export function manifestTargetBytes({ properties }: TableMetadata): number {
  return integerProperty(properties, 'commit.manifest.target-size-bytes', MANIFEST_TARGET_BYTES, 1);
}

/** `commit.manifest.min-count-to-merge`: fewer manifests than that are left as they are. */
export function minManifestsToMerge({ properties }: TableMetadata): number {
  return integerProperty(properties, 'commit.manifest.min-count-to-merge', MIN_MANIFESTS_TO_MERGE, 1);
}

/** `commit.manifest-merge.enabled`. */
export function mergesManifests({ properties }: TableMetadata): boolean {
  return (properties['commit.manifest-merge.enabled'] ?? 'true').toLowerCase() !== 'false';
}

/** @throws INVALID_INPUT naming the property where it is no integer from `least` up. */
export function integerProperty(
  properties: Properties,
  name: string,
  fallback: number,
  least: number,
): number {
  const text = properties[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (value >= least) return value;
  throw new AppError(
    'INVALID_INPUT',
    `The table property '${name}' is '${text}'; set it to a whole number from ${least} up.`,
    { context: { property: name, value: text } },
  );
}
