import type { Catalog } from '../catalog.ts';
import type { Content, Operation } from '../model.ts';

export const table = (id: string, version = '1'): Content => ({
  type: 'ICEBERG_TABLE',
  id,
  value: { version },
});
export const namespace = (properties: Record<string, string> = {}, id = 'n'): Content => ({
  type: 'NAMESPACE',
  id,
  value: { properties },
});
const by = { author: 'ada', properties: {}, requirements: [] };

/** A catalog in few words: contents by dotted name, null removes. */
export function workspace(catalog: Catalog) {
  const head = async (ref: string) => (await catalog.getRef(ref)).hash;
  return {
    head,
    commit: (
      branch: string,
      changes: Record<string, Content | null>,
      message = Object.keys(changes).join(),
    ) =>
      catalog.commit({
        ...by,
        branch,
        message,
        operations: Object.entries(changes).map(([name, content]): Operation =>
          content === null
            ? { kind: 'delete', key: name.split('.') }
            : { kind: 'put', key: name.split('.'), content },
        ),
      }),
    branch: async (name: string, from = 'main') =>
      catalog.createRef({ name, type: 'BRANCH', hash: await head(from) }),
    contents: async (ref: string) =>
      Object.fromEntries(
        (await catalog.listContents(await head(ref))).map(({ key, content }) => [key.join('.'), content]),
      ),
    merge: async (from: string, branch: string, more: Partial<Parameters<Catalog['merge']>[0]> = {}) =>
      catalog.merge({ author: 'ada', branch, from: await head(from), ...more }),
    messages: async (ref: string) =>
      (await catalog.log(await head(ref), { limit: 100 })).commits.map(({ message }) => message),
  };
}
