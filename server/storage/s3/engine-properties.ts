import type { S3Settings } from './s3-client.ts';

/**
 * Where a store is, in the words of Iceberg's clients. Keys and secrets are none of it: an engine has its own.
 * The region goes by two names, in Java and elsewhere.
 */
export function s3EngineProperties({ endpoint, region, pathStyle }: S3Settings): Record<string, string> {
  const isPathStyle = pathStyle ?? endpoint !== undefined;
  return {
    ...(endpoint === undefined ? {} : { 's3.endpoint': endpoint }),
    ...(region === undefined ? {} : { 's3.region': region, 'client.region': region }),
    's3.path-style-access': String(isPathStyle),
    's3.force-virtual-addressing': String(!isPathStyle),
  };
}
