import { randomUUID } from 'node:crypto';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Commit, Content, ContentKey, Operation, Requirement } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { rememberMetadata } from './load-table.ts';
import { assertWritable, relocationOf } from './registered-table.ts';
import { ensureNamespace } from './namespace-content.ts';
import { tableContent } from './table-content.ts';

export interface TableCommit {
  readonly table: ContentKey;
  readonly branch: string;
  readonly message: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** What the change was made on; null: the table must not exist. */
  readonly standing: Content | null;
  readonly metadata: TableMetadata;
  readonly metadataLocation: string;
  /** What the catalog keeps of a table that it does not write. */
  readonly content?: Content;
}

/**
 * Makes a table version the one at the head of a branch, with the table's namespace where that is missing.
 *
 * @throws COMMIT_CONFLICT where another commit changed the table first; REF_NOT_FOUND, FORBIDDEN (a tag, a table
 *   that was registered)
 */
export async function commitTable(ctx: ServiceContext, input: TableCommit): Promise<Commit> {
  if (input.content === undefined) assertWritable(input.table, input.standing);
  const content = input.content ?? tableContent(input.metadata, input.metadataLocation);
  const operations: Operation[] = [{ kind: 'put', key: input.table, content }];
  const requirements: Requirement[] = [{ key: input.table, content: input.standing }];
  const namespace = input.table.slice(0, -1);
  // Where the table stands its namespace does: one with tables in it can't be dropped.
  if (input.standing === null && namespace.length > 0) operations.push(ensureNamespace(namespace));
  const commit = await ctx.catalog.commit({
    branch: input.branch,
    author: ctx.author,
    message: input.message,
    properties: input.properties ?? {},
    operations,
    requirements,
  });
  rememberMetadata(ctx.io, input.metadataLocation, input.metadata, relocationOf(content));
  return commit;
}

/** File systems end at 255 bytes a name, and the table's UUID comes with it. */
const LONGEST_FOLDER = 100;

/** A folder of its own for a new table: names may come back, folders never do. */
export function newTableLocation(ctx: ServiceContext, table: ContentKey): string {
  return `${namespaceLocation(ctx, table)}-${randomUUID()}`;
}

/** Below which a namespace's tables are put, unless somebody chooses otherwise. */
export function namespaceLocation(ctx: ServiceContext, namespace: ContentKey): string {
  return [ctx.io.root, ...namespace.map(folderName)].join('/');
}

/** Plain letters that every storage takes, not hidden, and short whatever the name is. */
function folderName(level: string): string {
  return encodeURIComponent(level).replaceAll('%', '_').replace(/^\.+/, '_').slice(0, LONGEST_FOLDER);
}

/** Best effort: what stays behind is reached by nothing, and maintenance removes it. */
export async function discardFiles(ctx: ServiceContext, locations: readonly string[]): Promise<void> {
  await Promise.allSettled(locations.map((location) => ctx.io.delete(location)));
}
