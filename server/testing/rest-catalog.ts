import { Hono } from 'hono';
import pino from 'pino';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { openPlanner } from '#server/engine/open-planner.ts';
import { icebergRest } from '#server/http/iceberg-rest/iceberg-rest.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { parseTableMetadata } from '#server/iceberg/metadata/parse.ts';
import { tableRequirementToJson } from '#server/iceberg/metadata/requirement-json.ts';
import { tableUpdateToJson } from '#server/iceberg/metadata/update-json.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { JobBoard } from '#server/services/jobs/index.ts';
import type { RestContext } from '#server/services/iceberg-catalog/index.ts';
import { createMemoryFileIO } from '#server/storage/memory-file-io.ts';
import { createMemoryFieldIds } from '#server/iceberg/testing/memory-field-ids.ts';
import { RestDocument } from './rest-document.ts';

const TOKEN = 'a-token-that-is-long-enough';
const document = new RestDocument();
/** It keeps nothing, and takes longer to open than most tests. */
let planning: ReturnType<typeof openPlanner> | undefined;

/** The parts of answers that tests look at. */
export interface RestBody {
  readonly error?: { readonly type: string; readonly code: number; readonly message: string };
  readonly namespaces?: readonly (readonly string[])[];
  readonly identifiers?: readonly { readonly namespace: readonly string[]; readonly name: string }[];
  readonly 'next-page-token'?: string | null;
  readonly 'metadata-location'?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** A catalog in memory, and a client of it whose every answer is held against the protocol's document. */
export class RestCatalog {
  readonly ctx: RestContext;
  readonly token = TOKEN;
  private app: Hono;

  private constructor(ctx: RestContext) {
    this.ctx = ctx;
    this.app = serve(ctx);
  }

  /** @param other what is not as it is in memory */
  static async open(other: Partial<RestContext> = {}): Promise<RestCatalog> {
    return new RestCatalog({
      catalog: await createCatalog({ store: createMemoryCatalogStore() }),
      fieldIds: createMemoryFieldIds(),
      io: createMemoryFileIO(),
      manifests: new ManifestCache(1024 * 1024),
      planner: (await (planning ??= openPlanner())).planner,
      notebooks: {} as RestContext['notebooks'],
      settings: {} as RestContext['settings'],
      jobs: new JobBoard(),
      logger: pino({ level: 'silent' }),
      author: 'server',
      ...other,
    });
  }

  /** As a new process does: what was only in memory is gone. */
  restart(): void {
    this.app = serve(this.ctx);
  }

  async ask(
    method: string,
    path: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: RestBody; readonly headers: Headers }> {
    const response = await this.app.request(`http://localhost/iceberg/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(json === undefined ? {} : { body: typeof json === 'string' ? json : stringifyJson(json) }),
    });
    const text = await response.text();
    const body = text === '' ? null : parseJson(text);
    document.check(method, `/v1${path.replace(/\?.*$/, '')}`, response.status, asPlainNumbers(body));
    return { status: response.status, body: (body ?? {}) as RestBody, headers: response.headers };
  }

  /** Creates a table of an id and a day, partitioned by the day where asked. */
  async createTable(path: string, name: string, more: object = {}): Promise<RestBody> {
    const { body } = await this.ask('POST', `${path}/tables`, { name, schema: SCHEMA, ...more });
    return body;
  }

  /** What an engine commits that has appended files to a table. */
  async append(loaded: RestBody, files: readonly DataFile[]): Promise<object> {
    const metadata = readMetadata(loaded);
    const staged = await appendFiles({
      io: this.ctx.io,
      base: { metadata, metadataLocation: loaded['metadata-location'] ?? null },
      dataFiles: files,
    });
    return {
      requirements: staged.requirements.map(tableRequirementToJson),
      updates: staged.updates.map(tableUpdateToJson),
    };
  }

  /** Authors, messages and properties of the branch's commits, newest first. */
  async log(branch = 'main') {
    const { hash } = await this.ctx.catalog.getRef(branch);
    return (await this.ctx.catalog.log(hash, { limit: 100 })).commits;
  }
}

export const SCHEMA = {
  type: 'struct',
  'schema-id': 0,
  fields: [
    { id: 1, name: 'id', type: 'long', required: false },
    { id: 2, name: 'day', type: 'date', required: false },
  ],
};

export function readMetadata(loaded: RestBody): TableMetadata {
  return parseTableMetadata(stringifyJson(loaded.metadata), 'an answer');
}

function serve(ctx: RestContext): Hono {
  const app = new Hono();
  app.route('/iceberg/v1', icebergRest(ctx, TOKEN));
  return app;
}

/** The validator knows no bigint; whether an integer is exact is not its question. */
function asPlainNumbers(body: unknown): unknown {
  return body === null ? null : (JSON.parse(stringifyJson(body)) as unknown);
}
