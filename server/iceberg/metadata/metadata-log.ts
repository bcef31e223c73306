import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';

const DEFAULT_PREVIOUS_VERSIONS = 100;

/** Notes the version that a new one was made of, and forgets the oldest beyond what the table keeps. */
export function logVersion(
  next: TableMetadata,
  previousLocation: string,
  previousTimestampMs: number,
): TableMetadata {
  const logged = [...next.metadataLog, { metadataFile: previousLocation, timestampMs: previousTimestampMs }];
  return { ...next, metadataLog: logged.slice(-previousVersionsMax(next)) };
}

function previousVersionsMax(metadata: TableMetadata): number {
  const text = metadata.properties['write.metadata.previous-versions-max'];
  const length = Number(text ?? DEFAULT_PREVIOUS_VERSIONS);
  return text === '' || !Number.isInteger(length) ? DEFAULT_PREVIOUS_VERSIONS : Math.max(1, length);
}
