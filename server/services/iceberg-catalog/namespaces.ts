import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Hash, Operation, Requirement } from '#server/catalog/model.ts';
import {
  NAMESPACE,
  namespaceContent,
  propertiesOfNamespace,
  tableId,
  type NamespaceProperties,
} from '../tables/index.ts';
import type { RestContext } from './rest-context.ts';

/**
 * The properties of a namespace. One that only has something beneath it, and no entry of its own, is there too.
 *
 * @throws NAMESPACE_NOT_FOUND
 */
export async function namespaceProperties(
  ctx: RestContext,
  at: Hash,
  key: ContentKey,
): Promise<{ readonly content: Content | null; readonly properties: NamespaceProperties }> {
  const content = await ctx.catalog.getContent(at, key);
  if (content?.type === NAMESPACE) return { content, properties: propertiesOfNamespace(content) };
  if (content === null && (await ctx.catalog.listChildren(at, key, { limit: 1 })).length > 0)
    return { content: null, properties: {} };
  throw new AppError('NAMESPACE_NOT_FOUND', `There is no namespace ${tableId(key)}.`, {
    context: { namespace: tableId(key) },
  });
}

/** What a commit needs to have the namespace of something stand when it lands. @throws NAMESPACE_NOT_FOUND */
export async function requireNamespace(
  ctx: RestContext,
  at: Hash,
  key: ContentKey,
): Promise<{ readonly operations: readonly Operation[]; readonly requirements: readonly Requirement[] }> {
  const { content } = await namespaceProperties(ctx, at, key);
  if (content !== null) return { operations: [], requirements: [{ key, content }] };
  return {
    operations: [{ kind: 'put', key, content: namespaceContent() }],
    requirements: [{ key, content: null }],
  };
}
