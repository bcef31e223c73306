import { AppError } from '#shared/errors/app-error.ts';
import type { Catalog, CommitInput } from '#server/catalog/catalog.ts';
import type {
  Child,
  Commit,
  Content,
  ContentKey,
  Operation,
  Ref,
  Requirement,
} from '#server/catalog/model.ts';

interface Change {
  readonly key: ContentKey;
  /** Null where nothing stands there any more. */
  readonly content: Content | null;
}

/** The commits of several statements, kept back until they are one: each statement sees what those before it did. */
export class CatalogTransaction {
  /** As the catalog, but that the head of the branch has what was kept back, and commits to it are kept back too. */
  readonly catalog: Catalog;
  readonly #base: Catalog;
  readonly #head: Ref;
  readonly #changes = new Map<string, Change>();

  constructor(base: Catalog, head: Ref) {
    this.#base = base;
    this.#head = head;
    this.catalog = {
      ...base,
      getRef: async (name) => (name === head.name ? head : base.getRef(name)),
      getContent: async (at, key) => {
        const change = at === head.hash ? this.#changes.get(textOf(key)) : undefined;
        return change === undefined ? base.getContent(at, key) : change.content;
      },
      listContents: async (at, prefix) => {
        const listed = await base.listContents(at, prefix);
        return at === head.hash ? this.#overlay(listed, prefix) : listed;
      },
      listChildren: async (at, parent, range) =>
        at === head.hash
          ? childrenAmong(
              await this.catalog.listContents(at, parent.length === 0 ? undefined : parent),
              parent,
              range,
            )
          : base.listChildren(at, parent, range),
      commit: async (input) => this.#keepBack(input),
    };
  }

  /** What was kept back, and what must stand at the head for it to land. */
  async changes(): Promise<Pick<CommitInput, 'operations' | 'requirements'>> {
    const operations: Operation[] = [];
    const requirements: Requirement[] = [];
    for (const { key, content } of this.#changes.values()) {
      const before = await this.#base.getContent(this.#head.hash, key);
      // What was made and dropped again is nothing.
      if (content === null && before === null) continue;
      operations.push(content === null ? { kind: 'delete', key } : { kind: 'put', key, content });
      requirements.push({ key, content: before });
    }
    return { operations, requirements };
  }

  async #keepBack({ branch, author, message, properties, operations }: CommitInput): Promise<Commit> {
    if (branch !== this.#head.name)
      throw new AppError('INTERNAL', `A transaction on ${this.#head.name} cannot commit to ${branch}.`);
    for (const operation of operations) {
      if (
        operation.kind === 'ensure' &&
        (await this.catalog.getContent(this.#head.hash, operation.key)) !== null
      )
        continue;
      const content = operation.kind === 'delete' ? null : operation.content;
      this.#changes.set(textOf(operation.key), { key: operation.key, content });
    }
    return { ...(await this.#base.getCommit(this.#head.hash)), author, message, properties };
  }

  #overlay(
    listed: readonly { readonly key: ContentKey; readonly content: Content }[],
    prefix: ContentKey = [],
  ): readonly { readonly key: ContentKey; readonly content: Content }[] {
    const left = listed.filter(({ key }) => !this.#changes.has(textOf(key)));
    const added = [...this.#changes.values()].flatMap(({ key, content }) =>
      content !== null && prefix.every((level, index) => key[index] === level) ? [{ key, content }] : [],
    );
    return [...left, ...added];
  }
}

function textOf(key: ContentKey): string {
  return JSON.stringify(key);
}

/** As the catalog lists them. */
function childrenAmong(
  listed: readonly { readonly key: ContentKey; readonly content: Content }[],
  parent: ContentKey,
  { after, limit, accept = () => true }: Parameters<Catalog['listChildren']>[2] = {},
): readonly Child[] {
  const children = new Map<string, Child>();
  for (const { key, content } of listed) {
    const name = key[parent.length] ?? '';
    const known = children.get(name) ?? { name, content: null, hasMore: false };
    const isOwn = key.length === parent.length + 1;
    children.set(name, isOwn ? { ...known, content } : { ...known, hasMore: true });
  }
  return [...children.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((child) => (after === undefined || child.name > after) && accept(child))
    .slice(0, limit);
}
