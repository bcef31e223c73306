import type { CatalogChange } from '#shared/contract/diff.ts';
import type { Content } from '#server/catalog/model.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { NAMESPACE, propertiesOfNamespace } from '../tables/index.ts';
import { describeViewVersion, DIALECT, ICEBERG_VIEW } from '../views/index.ts';

type Values = NonNullable<CatalogChange['values']>;

/** What differs between two versions of a view or a namespace, by name: of a view its query first. */
export async function valueDiffs(
  ctx: { readonly io: FileIO },
  before: Content | null,
  after: Content | null,
): Promise<Values> {
  const [was, is] = await Promise.all([valuesOf(ctx, before), valuesOf(ctx, after)]);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [old = null, now = null] = [was.get(name), is.get(name)];
    return old === now ? [] : [{ name, before: old, after: now }];
  });
}

async function valuesOf(
  ctx: { readonly io: FileIO },
  content: Content | null,
): Promise<ReadonlyMap<string, string>> {
  if (content?.type === ICEBERG_VIEW) {
    const { sql, dialect, properties } = await describeViewVersion(ctx, content);
    const foreign = dialect === DIALECT ? [] : [['dialect', dialect] as const];
    return new Map([['query', sql], ...foreign, ...Object.entries(properties)]);
  }
  if (content?.type !== NAMESPACE) return new Map();
  return new Map(Object.entries(propertiesOfNamespace(content)));
}
