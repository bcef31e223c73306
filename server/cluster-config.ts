import { z } from 'zod';

/** A Trino to which queries go that are too big for one machine. */
export interface ClusterConfig {
  /** Without a path. */
  readonly url: string;
  /** Its catalog that has this lakehouse's tables. */
  readonly catalog: string;
  readonly user: string;
  readonly password: string | null;
  readonly token: string | null;
  /** From how many compressed bytes on queries go there, where the tab does not run them. */
  readonly minBytes: number;
  /** Queries there at once. */
  readonly maxConcurrent: number;
  /** Whether the server runs what the cluster can't or won't. */
  readonly fallsBack: boolean;
}

const COUNT = 'expected a whole number from 1 up';
const count = z.coerce.number(COUNT).int(COUNT).positive(COUNT);
const DEFAULT_MIN_BYTES = 10 * 1024 ** 3;

/** Settings of the environment; a cluster is there where its address is. */
export const clusterEnvironment = {
  CLUSTER_TRINO_URL: z
    .string()
    .regex(/^https?:\/\/[^/\s@]+\/?$/, 'expected a URL such as https://trino.example.org:8443')
    .optional(),
  CLUSTER_TRINO_CATALOG: z
    .string()
    .regex(/^[a-z0-9_-]+$/, 'expected the name of a catalog of Trino')
    .default('lake'),
  CLUSTER_TRINO_USER: z.string().default('timestream'),
  CLUSTER_TRINO_PASSWORD: z.string().optional(),
  CLUSTER_TRINO_TOKEN: z.string().optional(),
  CLUSTER_MIN_BYTES: count.default(DEFAULT_MIN_BYTES),
  CLUSTER_QUERIES: count.default(8),
  CLUSTER_FALLBACK: z.enum(['true', 'false'], 'expected true or false').default('true'),
} as const;

const environment = z.object(clusterEnvironment);

export function clusterConfig(values: z.infer<typeof environment>): ClusterConfig | null {
  if (values.CLUSTER_TRINO_URL === undefined) return null;
  return {
    url: values.CLUSTER_TRINO_URL.replace(/\/$/, ''),
    catalog: values.CLUSTER_TRINO_CATALOG,
    user: values.CLUSTER_TRINO_USER,
    password: values.CLUSTER_TRINO_PASSWORD ?? null,
    token: values.CLUSTER_TRINO_TOKEN ?? null,
    minBytes: values.CLUSTER_MIN_BYTES,
    maxConcurrent: values.CLUSTER_QUERIES,
    fallsBack: values.CLUSTER_FALLBACK === 'true',
  };
}
