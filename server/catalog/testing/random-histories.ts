import fc from 'fast-check';
import { expect } from 'vitest';
import type { Catalog } from '../catalog.ts';
import { createCatalog } from '../create-catalog.ts';
import type { Content, Operation } from '../model.ts';
import type { CatalogStore } from '../store/catalog-store.ts';
import { NaiveGit, naiveMerge, textOf } from './naive-git.ts';
import { table } from './workspace.ts';

const BRANCHES = ['main', 'b1', 'b2', 'b3'];
const aBranch = fc.nat({ max: BRANCHES.length - 1 });
const aKey = fc.constantFrom('a', 'b', 'c', 'd', 'e');

const aStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), on: aBranch, key: aKey }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), on: aBranch, key: aKey }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rename' as const), on: aBranch, key: aKey, to: aKey }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replace' as const), on: aBranch, key: aKey }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('merge' as const), on: aBranch, from: aBranch }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), on: aBranch, from: aBranch }) },
);
type Step = typeof aStep extends fc.Arbitrary<infer S> ? S : never;

/** Random histories with merges, on a catalog and on the naive model: the two must agree in everything. */
export async function checkRandomHistories(
  open: () => Promise<CatalogStore>,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { minLength: 5, maxLength: 40 }), async (steps) => {
      const run = await Run.start(await createCatalog({ store: await open() }));
      for (const step of steps) await run.take(step);
      await run.check();
    }),
    { numRuns },
  );
}

class Run {
  private readonly model = new NaiveGit();
  /** Hashes by number, and heads by branch. */
  private readonly hashes: string[];
  private readonly heads = BRANCHES.map(() => 0);
  private versions = 0;
  private readonly catalog: Catalog;

  private constructor(catalog: Catalog, root: string) {
    this.catalog = catalog;
    this.hashes = [root];
  }

  static async start(catalog: Catalog): Promise<Run> {
    const { hash } = await catalog.getRef('main');
    for (const name of BRANCHES.slice(1)) await catalog.createRef({ name, type: 'BRANCH', hash });
    return new Run(catalog, hash);
  }

  async take(step: Step): Promise<void> {
    const head = this.heads[step.on] ?? 0;
    const branch = BRANCHES[step.on] ?? 'main';
    if (step.do === 'merge') return this.merge(step.on, step.from);
    if (step.do === 'reset') {
      const to = this.heads[step.from] ?? 0;
      await this.catalog.assignRef({ name: branch, hash: this.hashes[to] ?? '' });
      this.heads[step.on] = to;
      return;
    }
    const held = new Map(this.model.heldAt(head));
    const operations = this.edit(held, step);
    if (operations.length === 0) return;
    const { hash } = await this.catalog.commit({
      branch,
      operations,
      author: 'ada',
      message: `${this.hashes.length}`,
      properties: {},
      requirements: [],
    });
    this.landed(step.on, [head], held, hash);
  }

  private edit(held: Map<string, Content>, step: Exclude<Step, { do: 'merge' | 'reset' }>): Operation[] {
    const { key } = step;
    const standing = held.get(key);
    this.versions += 1;
    const put = (at: string, content: Content): Operation => {
      held.set(at, content);
      return { kind: 'put', key: [at], content };
    };
    if (step.do === 'put') return [put(key, table(standing?.id ?? `id${this.versions}`, `${this.versions}`))];
    if (standing === undefined) return [];
    if (step.do === 'replace') return [put(key, table(`id${this.versions}`))];
    if (step.do === 'rename' && (key === step.to || held.has(step.to))) return [];
    held.delete(key);
    const removal: Operation = { kind: 'delete', key: [key] };
    return step.do === 'rename' ? [removal, put(step.to, standing)] : [removal];
  }

  private async merge(into: number, source: number): Promise<void> {
    const [ours, theirs] = [this.heads[into] ?? 0, this.heads[source] ?? 0];
    const bases = this.model.bases(ours, theirs);
    const input = {
      branch: BRANCHES[into] ?? '',
      from: this.hashes[theirs] ?? '',
      message: `${this.hashes.length}`,
    };
    const dry = await this.catalog.merge({ ...input, dryRun: true });
    const found = await this.catalog.merge(input);
    expect({ ...dry, applied: null, after: null, commits: null }).toEqual({
      ...found,
      applied: null,
      after: null,
      commits: null,
    });
    if (bases.includes(theirs)) return expect(found.outcome).toBe('UP_TO_DATE');
    if (bases.includes(ours)) {
      expect(found.outcome).toBe('FAST_FORWARD');
      this.heads[into] = theirs;
      return;
    }
    const [base, another] = bases;
    const expected =
      base === undefined || another !== undefined
        ? undefined
        : naiveMerge(this.model.heldAt(base), this.model.heldAt(ours), this.model.heldAt(theirs));
    if (expected === null) expect(found.conflicts).not.toEqual([]);
    if (expected !== undefined && expected !== null) expect(found.conflicts).toEqual([]);
    if (found.outcome === 'CONFLICTS') return expect(found.after).toBe(found.before);
    const held = new Map(
      (await this.catalog.listContents(found.after)).map(({ key, content }) => [key[0] ?? '', content]),
    );
    if (expected !== undefined && expected !== null) expect(held).toEqual(expected);
    // Of several bases: what both sides have alike must not be lost, whatever the bases say.
    for (const [key, content] of this.model.heldAt(ours)) {
      const there = this.model.heldAt(theirs).get(key);
      if (textOf(there) === textOf(content)) expect(held.get(key)).toEqual(content);
    }
    this.landed(into, [ours, theirs], held, found.after);
  }

  private landed(
    on: number,
    parents: readonly number[],
    held: ReadonlyMap<string, Content>,
    hash: string,
  ): void {
    this.heads[on] = this.model.add(parents, held);
    this.hashes.push(hash);
  }

  /** Contents, logs and relations of all heads. */
  async check(): Promise<void> {
    for (const [index, head] of this.heads.entries()) {
      const hash = this.hashes[head] ?? '';
      expect((await this.catalog.getRef(BRANCHES[index] ?? '')).hash).toBe(hash);
      const held = (await this.catalog.listContents(hash)).map(({ key, content }) => [key[0], content]);
      expect(Object.fromEntries(held)).toEqual(Object.fromEntries(this.model.heldAt(head)));
      const line = this.model.firstParents(head);
      expect(await this.log(hash, {})).toEqual(line.map((commit) => this.hashes[commit]));
      for (const key of ['a', 'b']) {
        const touching = line.filter((commit) => {
          const parent = this.model.parentsOf(commit)[0] ?? 0;
          const [before, after] = [parent, commit].map((at) => textOf(this.model.heldAt(at).get(key)));
          return before !== after;
        });
        expect(await this.log(hash, { keys: [[key]] })).toEqual(
          touching.map((commit) => this.hashes[commit]),
        );
      }
      const middle = this.hashes[line[Math.floor(line.length / 2)] ?? 0] ?? '';
      const { time } = await this.catalog.getCommit(middle);
      if (line.length > 0) expect((await this.catalog.commitAt(hash, time))?.hash).toBe(middle);
      for (const other of this.heads) await this.checkRelation(head, other);
    }
  }

  private async checkRelation(a: number, b: number): Promise<void> {
    const { bases, onlyA, onlyB } = await this.catalog.relate(this.hashes[a] ?? '', this.hashes[b] ?? '');
    const [mine, theirs] = [this.model.history(a), this.model.history(b)];
    const hashesOf = (commits: Iterable<number>) =>
      [...commits].map((commit) => this.hashes[commit] ?? '').sort();
    expect([...bases].sort()).toEqual(hashesOf(this.model.bases(a, b)));
    expect(onlyA.map(({ hash }) => hash).sort()).toEqual(
      hashesOf([...mine].filter((one) => !theirs.has(one))),
    );
    expect(onlyB.map(({ hash }) => hash).sort()).toEqual(
      hashesOf([...theirs].filter((one) => !mine.has(one))),
    );
  }

  private async log(from: string, options: { keys?: string[][] }): Promise<readonly string[]> {
    return (await this.catalog.log(from, { limit: 1000, ...options })).commits.map(({ hash }) => hash);
  }
}
