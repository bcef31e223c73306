import { join, resolve } from 'node:path';
import { z } from 'zod';
import { tabEngine, type TabEngine } from '#shared/contract/plan.ts';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { present } from '#shared/util/present.ts';
import type { S3Settings } from './storage/s3/s3-client.ts';
import { clusterConfig, clusterEnvironment, type ClusterConfig } from './cluster-config.ts';
import { parseS3Place } from './storage/s3/s3-place.ts';

/** Everything that can be set from outside. Only this file reads the environment. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute path of the folder that holds warehouse, metadata database, token and lock. */
  readonly lakehouseDirectory: string;
  /** Object store in which the tables lie, s3://bucket/folder; null for the lakehouse folder. */
  readonly warehouse: { readonly location: string; readonly s3: S3Settings } | null;
  /** What copies of its objects may take in the lakehouse folder. */
  readonly objectCacheBytes: number;
  /** PostgreSQL instead of the embedded database. */
  readonly databaseUrl: string | null;
  /** Replaces the token that the lakehouse keeps. */
  readonly token: string | null;
  /** Host headers accepted beside the loopback names, for a reverse proxy. */
  readonly allowedHosts: readonly string[];
  /** Folders, absolute, in which tables of other engines may be registered; they are only read. */
  readonly allowedLocations: readonly string[];
  readonly logLevel: string;
  readonly demo: boolean;
  readonly browserBytes: number;
  readonly tabEngine: TabEngine;
  /** Where queries run that are too big for one machine; null: nowhere. */
  readonly cluster: ClusterConfig | null;
  /** Answers that the server keeps; 0: none. */
  readonly resultCacheBytes: number;
  readonly engineMemory: string;
  readonly engineThreads: number | null;
  /** Node's worker threads, each of which a running statement holds. */
  readonly workerThreads: number;
  readonly queryTimeoutMs: number;
}

/** What the command line may override. */
export interface ConfigOverrides {
  readonly port?: string | undefined;
  readonly lakehouse?: string | undefined;
  readonly demo?: boolean | undefined;
  /** Beside those of the environment. */
  readonly allowLocation?: readonly string[] | undefined;
}

const A_PORT = 'expected a port number from 0 to 65535, in PORT or after --port';
const A_COUNT = 'expected a whole number from 1 up';
const count = z.coerce.number(A_COUNT).int(A_COUNT).positive(A_COUNT);
const BYTES = 'expected a number of bytes, or 0';
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Folders as paths or file: URLs, with a comma between them. */
const folders = z
  .string()
  .default('')
  .transform((text, context) =>
    list(text).map((item) => {
      const path = resolve(item.replace(/^file:\/\/(?=\/)|^file:(?=\/(?!\/))/, ''));
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(item) && !item.startsWith('file:///'))
        context.addIssue(`expected folders of this machine, with a comma between them, not ${item}`);
      if (path === resolve('/')) context.addIssue('expected folders, not the whole disk');
      return path;
    }),
  );

const ENCRYPTIONS = ['AES256', 'aws:kms'] as const;
const endpoint = z
  .string()
  .regex(/^https?:\/\/[^/\s]+\/?$/, 'expected a URL such as https://storage.example.org:9000')
  .optional();

const warehouse = z
  .string()
  .optional()
  .transform((text, context) => {
    if (text === undefined) return null;
    try {
      return parseS3Place(text).root;
    } catch (error) {
      context.addIssue(`${errorMessage(error)} Leave it unset to use the lakehouse folder`);
      return null;
    }
  });

const environment = z.object({
  PORT: z.coerce.number(A_PORT).int(A_PORT).min(0, A_PORT).max(65_535, A_PORT).default(4400),
  LAKEHOUSE_DIR: z.string().min(1, 'expected a folder').default('./lakehouse'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgresql://…')
    .optional(),
  WAREHOUSE: warehouse,
  S3_ENDPOINT: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ENDPOINT_URL: endpoint,
  S3_PATH_STYLE: z.enum(['true', 'false'], 'expected true or false').optional(),
  S3_ENCRYPTION: z.enum(ENCRYPTIONS, `expected one of ${ENCRYPTIONS.join(', ')}`).optional(),
  S3_KMS_KEY_ID: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_DEFAULT_REGION: z.string().optional(),
  OBJECT_CACHE_BYTES: count.default(10 * 1024 ** 3),
  TIMESTREAM_TOKEN: z.string().min(16, 'a token has at least 16 characters').optional(),
  ALLOWED_HOSTS: z.string().default(''),
  ALLOWED_LOCATIONS: folders,
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('warn'),
  BROWSER_MAX_BYTES: count.default(512 * 1024 * 1024),
  ...clusterEnvironment,
  TAB_ENGINE: z.enum(tabEngine.options, `expected one of ${tabEngine.options.join(', ')}`).default('on'),
  RESULT_CACHE_BYTES: z.coerce
    .number(BYTES)
    .int(BYTES)
    .min(0, BYTES)
    .default(128 * 1024 * 1024),
  ENGINE_MEMORY: z
    .string()
    .regex(/^\d+(\.\d+)?\s?(MB|MiB|GB|GiB|%)$/i, 'expected a size such as 4GB, or 50%')
    .default('50%'),
  ENGINE_THREADS: count.optional(),
  // Node's own; tools/threads.cjs sets it, which comes too late from here.
  UV_THREADPOOL_SIZE: count.default(4),
  QUERY_TIMEOUT_SECONDS: z.coerce
    .number('expected seconds')
    .positive('expected seconds, more than none')
    .default(300),
});

/** @throws INVALID_INPUT that lists each setting which is off. */
export function readConfig(env: NodeJS.ProcessEnv, overrides: ConfigOverrides = {}): Config {
  // As compose files write what is not set; a port of '' would otherwise be 0.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  if (overrides.port !== undefined) given['PORT'] = overrides.port;
  if (overrides.lakehouse !== undefined) given['LAKEHOUSE_DIR'] = overrides.lakehouse;
  const allowed = [given['ALLOWED_LOCATIONS'] ?? '', ...(overrides.allowLocation ?? [])];
  given['ALLOWED_LOCATIONS'] = allowed.join(',');
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('INVALID_INPUT', `Settings are off. ${problems.join('; ')}.`, {
      context: { problems },
    });
  }
  const values = parsed.data;
  return {
    host: '127.0.0.1',
    port: values.PORT,
    lakehouseDirectory: resolve(values.LAKEHOUSE_DIR),
    warehouse: values.WAREHOUSE === null ? null : { location: values.WAREHOUSE, s3: s3Settings(values) },
    objectCacheBytes: values.OBJECT_CACHE_BYTES,
    databaseUrl: values.DATABASE_URL ?? null,
    token: values.TIMESTREAM_TOKEN ?? null,
    allowedHosts: list(values.ALLOWED_HOSTS),
    allowedLocations: values.ALLOWED_LOCATIONS,
    logLevel: values.LOG_LEVEL,
    demo: overrides.demo ?? true,
    browserBytes: values.BROWSER_MAX_BYTES,
    tabEngine: values.TAB_ENGINE,
    cluster: clusterConfig(values),
    resultCacheBytes: values.RESULT_CACHE_BYTES,
    engineMemory: values.ENGINE_MEMORY,
    engineThreads: values.ENGINE_THREADS ?? null,
    workerThreads: values.UV_THREADPOOL_SIZE,
    queryTimeoutMs: values.QUERY_TIMEOUT_SECONDS * 1000,
  };
}

/** Credentials, and the region where it is not named here, are found by AWS's own client: environment, profile, machine. */
function s3Settings(values: z.infer<typeof environment>): S3Settings {
  const url = values.S3_ENDPOINT ?? values.AWS_ENDPOINT_URL_S3 ?? values.AWS_ENDPOINT_URL;
  const region = values.AWS_REGION ?? values.AWS_DEFAULT_REGION;
  return present({
    endpoint: url,
    // Stores that are not Amazon's have one region, which has this name as a rule.
    region: region ?? (url === undefined ? undefined : 'us-east-1'),
    pathStyle: values.S3_PATH_STYLE === undefined ? undefined : values.S3_PATH_STYLE === 'true',
    encryption:
      values.S3_ENCRYPTION === undefined
        ? undefined
        : present({ algorithm: values.S3_ENCRYPTION, keyId: values.S3_KMS_KEY_ID }),
  });
}

function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Where things lie inside the lakehouse folder. */
export function lakehousePaths(directory: string) {
  return {
    warehouse: join(directory, 'warehouse'),
    database: join(directory, 'metadata'),
    staging: join(directory, 'warehouse', '.staging'),
    spill: join(directory, 'spill'),
    objects: join(directory, 'objects'),
    extensions: join(directory, 'extensions'),
    token: join(directory, 'token'),
  };
}
