import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Hash } from '#server/catalog/model.ts';
import { ICEBERG_TABLE, NAMESPACE, tableId } from '../tables/index.ts';
import { ICEBERG_VIEW } from '../views/index.ts';
import type { RestContext } from './rest-context.ts';

export type EntityType = typeof ICEBERG_TABLE | typeof ICEBERG_VIEW;

const WORDS: Readonly<Record<string, string>> = {
  [ICEBERG_TABLE]: 'table',
  [ICEBERG_VIEW]: 'view',
  [NAMESPACE]: 'namespace',
};

/** What stands at the very key: names of the protocol match exactly. @throws TABLE_NOT_FOUND, VIEW_NOT_FOUND */
export async function getEntity(
  ctx: RestContext,
  at: Hash,
  key: ContentKey,
  type: EntityType,
): Promise<Content> {
  const content = await ctx.catalog.getContent(at, key);
  if (content?.type === type) return content;
  throw notFound(key, type);
}

export function notFound(key: ContentKey, type: EntityType): AppError {
  const code = type === ICEBERG_TABLE ? 'TABLE_NOT_FOUND' : 'VIEW_NOT_FOUND';
  return new AppError(code, `There is no ${WORDS[type]} ${tableId(key)}.`, {
    context: { identifier: tableId(key) },
  });
}

/** @throws ALREADY_EXISTS where anything stands at the key */
export async function assertFree(ctx: RestContext, at: Hash, key: ContentKey): Promise<void> {
  const content = await ctx.catalog.getContent(at, key);
  if (content === null) return;
  throw new AppError(
    'ALREADY_EXISTS',
    `There is a ${WORDS[content.type] ?? content.type} ${tableId(key)} already.`,
    { context: { identifier: tableId(key) } },
  );
}
