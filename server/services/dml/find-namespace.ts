import { AppError } from '#shared/errors/app-error.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import type { Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { NAMESPACE, tableId } from '../tables/index.ts';

export interface FoundNamespace {
  readonly key: ContentKey;
  /** Null where only what is in it says that it is there. */
  readonly content: Content | null;
}

/**
 * The namespace of a name, which matches exactly or, as SQL's do, without regard to case where that leaves one.
 *
 * @throws NAMESPACE_NOT_FOUND with names that are near
 */
export async function findNamespace(
  { catalog }: ServiceContext,
  at: Hash,
  key: ContentKey,
): Promise<FoundNamespace> {
  const exact = await catalog.getContent(at, key);
  if (exact?.type === NAMESPACE) return { key, content: exact };
  if (exact === null && (await catalog.listChildren(at, key, { limit: 1 })).length > 0)
    return { key, content: null };
  const all = await allNamespaces({ catalog }, at);
  const wanted = tableId(key).toLowerCase();
  const alike = all.filter((each) => tableId(each.key).toLowerCase() === wanted);
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const suggestions = nearestNames(
    tableId(key),
    all.map((each) => tableId(each.key)),
  );
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(' or ')}?`
      : 'SHOW SCHEMAS says which there are.';
  throw new AppError('NAMESPACE_NOT_FOUND', `There is no schema ${tableId(key)}. ${hint}`, {
    context: { namespace: tableId(key), suggestions },
  });
}

/** Those that only have something beneath them, too. */
async function allNamespaces(
  { catalog }: Pick<ServiceContext, 'catalog'>,
  at: Hash,
): Promise<readonly FoundNamespace[]> {
  const found = new Map<string, FoundNamespace>();
  for (const { key, content } of await catalog.listContents(at)) {
    for (let levels = 1; levels < key.length; levels += 1) {
      const parent = key.slice(0, levels);
      if (!found.has(tableId(parent))) found.set(tableId(parent), { key: parent, content: null });
    }
    if (content.type === NAMESPACE) found.set(tableId(key), { key, content });
  }
  return [...found.values()];
}
