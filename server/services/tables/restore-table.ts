import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Commit, Content, ContentKey } from '#server/catalog/model.ts';
import { restoreVersion } from '#server/iceberg/evolution/restore-version.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable } from './change-table.ts';
import { loadContent } from './load-table.ts';
import { ensureNamespace } from './namespace-content.ts';
import { isReadOnly } from './registered-table.ts';
import { ICEBERG_TABLE, tableId } from './table-content.ts';

export interface RestoreContentInput {
  readonly key: ContentKey;
  readonly branch: string;
  /** What stands there; null: it was dropped. */
  readonly standing: Content | null;
  /** What is to stand there again. */
  readonly wanted: Content;
  readonly message: string;
  /** Of the commit. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Makes a table or view what it was, as one commit; null where it is that already. A table that is still the same one
 * gets a new version, so that ids go on growing for who writes to it; else what stood there stands there again.
 *
 * @throws HISTORY_EXPIRED where retention let that version go; COMMIT_CONFLICT; what changeTable throws
 */
export async function restoreContent(
  ctx: ServiceContext,
  input: RestoreContentInput,
): Promise<Commit | null> {
  const { key, branch, standing, wanted, message, properties } = input;
  // Says what is wrong with it before it stands there.
  const version = wanted.type === ICEBERG_TABLE ? (await loadContent(ctx, key, wanted)).metadata : null;
  if (version !== null && standing !== null && (await staysItself(ctx, key, standing, wanted, version))) {
    const { commit } = await changeTable(ctx, {
      table: tableId(key),
      branch,
      message,
      defaultMessage: () => message,
      properties,
      change: (now) => restoreVersion(now, version) ?? { updates: [], requirements: [] },
    });
    return commit;
  }
  if (standing !== null && same(standing, wanted)) return null;
  return ctx.catalog.commit({
    branch,
    author: ctx.author,
    message,
    properties,
    operations: [ensureNamespace(key.slice(0, -1)), { kind: 'put', key, content: wanted }],
    requirements: [{ key, content: standing }],
  });
}

/** Whether a version of the table that stands can be made which is what it was. */
async function staysItself(
  ctx: ServiceContext,
  key: ContentKey,
  standing: Content,
  wanted: Content,
  version: TableMetadata,
): Promise<boolean> {
  if (standing.type !== ICEBERG_TABLE || standing.id !== wanted.id || isReadOnly(standing)) return false;
  return restoreVersion((await loadContent(ctx, key, standing)).metadata, version) !== null;
}

function same(a: Content, b: Content): boolean {
  return a.id === b.id && a.value['metadataLocation'] === b.value['metadataLocation'];
}
