import type { KeptFor } from '#shared/contract/gc.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import type { Commit, Content, ContentKey, Hash } from '#server/catalog/model.ts';
import { ICEBERG_TABLE, isReadOnly, metadataLocationOf } from '../tables/index.ts';
import type { KeepingContext, KeptCommits } from './kept-commits.ts';
import { classOf } from './retention-policy.ts';

/** A version of a table, in whatever commits and under whatever names. */
export interface Version {
  readonly location: string;
  /** The newest name that was met. */
  readonly table: string;
  /** The catalog's words for it; more than one where it was registered in several ways. */
  readonly contents: Content[];
  /** Null where no kept commit shows it. */
  keptFor: KeptFor | null;
}

/**
 * Every version of every table that history shows, and whether some kept commit does. Costs what commits changed, and
 * the catalog's size once for each line of history.
 */
export async function judgeVersions(
  ctx: KeepingContext,
  kept: KeptCommits,
): Promise<ReadonlyMap<string, Version>> {
  const versions = new Map<string, Version>();
  const seen = new Set<Hash>();
  const waiting: Hash[] = [...(await ctx.catalog.roots())];
  for (let head = waiting.pop(); head !== undefined; head = waiting.pop()) {
    if (seen.has(head)) continue;
    const line = new Line(versions, kept);
    for (const { key, content } of await ctx.catalog.listContents(head)) line.stands(key, content);
    for (
      let commit: Commit | null = await ctx.catalog.getCommit(head);
      commit !== null && !seen.has(commit.hash);
    ) {
      seen.add(commit.hash);
      line.at(commit.hash);
      const [first, ...others]: readonly Hash[] = commit.parents;
      waiting.push(...others);
      if (first === undefined) break;
      for (const { key, before } of await ctx.catalog.diff(first, commit.hash)) {
        line.ends(key);
        if (before !== null) line.stands(key, before);
      }
      commit = await ctx.catalog.getCommit(first);
    }
    line.endsAll();
  }
  return versions;
}

/** A walk back along first parents: what stands where it is, and since when (of the walk) it does. */
class Line {
  readonly #standing = new Map<string, { key: ContentKey; content: Content; since: number }>();
  /** By class: the last kept commit that was met, and where. */
  readonly #last = new Map<string, { at: number; why: KeptFor }>();
  readonly #versions: Map<string, Version>;
  readonly #kept: KeptCommits;
  #position = 0;

  constructor(versions: Map<string, Version>, kept: KeptCommits) {
    this.#versions = versions;
    this.#kept = kept;
  }

  at(hash: Hash): void {
    for (const [inClass, commits] of this.#kept) {
      const why = commits.get(hash);
      if (why !== undefined) this.#last.set(inClass, { at: this.#position, why });
    }
    this.#position += 1;
  }

  stands(key: ContentKey, content: Content): void {
    // Views are small, and what other engines keep is theirs.
    if (content.type === ICEBERG_TABLE && !isReadOnly(content))
      this.#standing.set(dottedName(key), { key, content, since: this.#position });
  }

  ends(key: ContentKey): void {
    const found = this.#standing.get(dottedName(key));
    if (found === undefined) return;
    this.#standing.delete(dottedName(key));
    const { content, since } = found;
    const location = metadataLocationOf(key, content);
    const last = this.#last.get(classOf([...this.#kept.keys()], key));
    const why = last !== undefined && last.at >= since ? last.why : null;
    const known = this.#versions.get(location);
    if (known === undefined) {
      this.#versions.set(location, { location, table: dottedName(key), contents: [content], keptFor: why });
      return;
    }
    known.keptFor ??= why;
    if (!known.contents.some((one) => JSON.stringify(one) === JSON.stringify(content)))
      known.contents.push(content);
  }

  endsAll(): void {
    for (const { key } of this.#standing.values()) this.ends(key);
  }
}
