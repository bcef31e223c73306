import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Operation } from '#server/catalog/model.ts';
import {
  NAMESPACE,
  namespaceContent,
  namespaceLocation,
  tableId,
  type NamespaceProperties,
} from '../tables/index.ts';
import { assertFree } from './contents.ts';
import { checkKey, parseNamespace, requestNode } from './identifiers.ts';
import { land } from './land.ts';
import { namespaceProperties } from './namespaces.ts';
import { readablePlace, writableBranch } from './places.ts';
import type { RestClient, RestContext } from './rest-context.ts';

interface NamespaceJson {
  readonly namespace: ContentKey;
  readonly properties: NamespaceProperties;
}

/** Those it lies in are made with it. @throws ALREADY_EXISTS, INVALID_INPUT, FORBIDDEN */
export async function createNamespace(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  body: unknown,
): Promise<NamespaceJson> {
  const request = requestNode(body);
  const namespace = parseNamespace(request.get('namespace'));
  const properties = request.optional('properties')?.textMap() ?? {};
  const branch = await writableBranch(ctx, prefix);
  await land(ctx, client, branch, async (head) => {
    await assertFree(ctx, head, namespace);
    const operations: Operation[] = [put(namespace, namespaceContent(properties))];
    for (let levels = 1; levels < namespace.length; levels += 1) {
      const parent = namespace.slice(0, levels);
      const standing = await ctx.catalog.getContent(head, parent);
      if (standing === null) operations.push(put(parent, namespaceContent()));
      else if (standing.type !== NAMESPACE) await assertFree(ctx, head, parent);
    }
    return {
      operations,
      requirements: operations.map(({ key }) => ({ key, content: null })),
      message: `Create namespace ${tableId(namespace)}`,
      result: null,
    };
  });
  return answer(ctx, namespace, properties);
}

/** @throws NAMESPACE_NOT_FOUND */
export async function loadNamespace(
  ctx: RestContext,
  prefix: string,
  namespace: ContentKey,
): Promise<NamespaceJson> {
  const { hash } = await readablePlace(ctx, prefix);
  const { properties } = await namespaceProperties(ctx, hash, checkKey(namespace));
  return answer(ctx, namespace, properties);
}

/** Trino chooses where a new table lies, and needs to be told below what; it is no property that was set. */
function answer(ctx: RestContext, namespace: ContentKey, properties: NamespaceProperties): NamespaceJson {
  return { namespace, properties: { location: namespaceLocation(ctx, namespace), ...properties } };
}

/** @throws NAMESPACE_NOT_FOUND, NAMESPACE_NOT_EMPTY, FORBIDDEN */
export async function dropNamespace(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
): Promise<void> {
  const branch = await writableBranch(ctx, prefix);
  await land(ctx, client, branch, async (head) => {
    const { content } = await namespaceProperties(ctx, head, checkKey(namespace));
    const [inside] = await ctx.catalog.listContents(head, namespace);
    if (inside !== undefined) {
      throw new AppError(
        'NAMESPACE_NOT_EMPTY',
        `The namespace ${tableId(namespace)} has ${tableId(inside.key)} in it; drop or rename what it has first.`,
        { context: { namespace: tableId(namespace), content: tableId(inside.key) } },
      );
    }
    return {
      operations: [{ kind: 'delete', key: namespace }],
      requirements: [{ key: namespace, content }],
      message: `Drop namespace ${tableId(namespace)}`,
      result: null,
    };
  });
}

/** @throws NAMESPACE_NOT_FOUND; UNPROCESSABLE where a property is to be both set and removed */
export async function updateNamespace(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
  body: unknown,
): Promise<{ updated: readonly string[]; removed: readonly string[]; missing: readonly string[] }> {
  const request = requestNode(body);
  const updates = request.optional('updates')?.textMap() ?? {};
  const removals = [...new Set((request.optional('removals')?.list() ?? []).map((name) => name.text()))];
  const both = removals.filter((name) => Object.hasOwn(updates, name));
  if (both.length > 0) {
    throw new AppError('UNPROCESSABLE', `A property can't be both set and removed: ${both.join(', ')}.`, {
      context: { properties: both },
    });
  }
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, async (head) => {
    const { content, properties } = await namespaceProperties(ctx, head, checkKey(namespace));
    const removed = removals.filter((name) => Object.hasOwn(properties, name));
    const next = Object.fromEntries(
      Object.entries({ ...properties, ...updates }).filter(([name]) => !removed.includes(name)),
    );
    const changes = removed.length > 0 || Object.keys(updates).length > 0;
    return {
      operations: changes ? [put(namespace, namespaceContent(next, content?.id))] : [],
      requirements: [{ key: namespace, content }],
      message: `Change properties of namespace ${tableId(namespace)}`,
      result: {
        updated: Object.keys(updates),
        removed,
        missing: removals.filter((name) => !removed.includes(name)),
      },
    };
  });
  return result;
}

function put(key: ContentKey, content: Content): Operation {
  return { kind: 'put', key, content };
}
