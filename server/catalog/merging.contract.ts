import { describe, expect, it } from 'vitest';
import { createCatalog } from './create-catalog.ts';
import type { ContentMerger } from './merge/content-merger.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { namespace, table, workspace } from './testing/workspace.ts';

/** What a catalog promises of merges, on whatever store. */
export function mergingContract(open: () => Promise<CatalogStore>): void {
  const fresh = async () => {
    const catalog = await createCatalog({ store: await open() });
    return { catalog, ...workspace(catalog) };
  };

  describe('merging', () => {
    it('fast-forwards, merges with two parents, squashes to one, and finds nothing to do the second time', async () => {
      const { catalog, commit, branch, merge, head, contents, messages } = await fresh();
      await commit('main', { a: table('a') });
      await branch('dev');
      await commit('dev', { b: table('b') });
      const forwarded = await merge('dev', 'main');
      expect(forwarded).toMatchObject({ outcome: 'FAST_FORWARD', applied: true, commits: [] });
      expect(await head('main')).toBe(await head('dev'));
      expect((await merge('dev', 'main')).outcome).toBe('UP_TO_DATE');

      const main = await commit('main', { c: table('c') });
      const dev = await commit('dev', { d: table('d') });
      expect((await merge('dev', 'main', { fastForward: 'ONLY' })).outcome).toBe('NOT_FAST_FORWARD');
      const dry = await merge('dev', 'main', { dryRun: true });
      expect(dry).toMatchObject({ outcome: 'COMMITTED', applied: false, after: main.hash });
      expect(await head('main')).toBe(main.hash);
      const merged = await merge('dev', 'main', { message: 'together' });
      expect(merged).toMatchObject({ outcome: 'COMMITTED', applied: true, before: main.hash });
      expect(merged.changes).toEqual(dry.changes);
      expect((await catalog.getCommit(merged.after)).parents).toEqual([main.hash, dev.hash]);
      expect(Object.keys(await contents('main'))).toEqual(['a', 'b', 'c', 'd']);
      expect((await merge('dev', 'main')).outcome).toBe('UP_TO_DATE');

      await commit('dev', { e: table('e') });
      await commit('dev', { f: table('f') });
      const squashed = await merge('dev', 'main', { strategy: 'SQUASH', message: 'squashed' });
      expect((await catalog.getCommit(squashed.after)).parents).toEqual([merged.after]);
      expect((await merge('dev', 'main', { strategy: 'SQUASH' })).outcome).toBe('UP_TO_DATE');
      expect(await messages('main')).toEqual(['squashed', 'together', 'c', 'b', 'a']);
      const forced = await merge('main', 'dev', { fastForward: 'NEVER' });
      expect((await catalog.getCommit(forced.after)).parents).toHaveLength(2);
    });

    it('tells each kind of conflict with its sides, and resolves each as chosen', async () => {
      const { commit, branch, merge, contents } = await fresh();
      const ns = { n: namespace(), m: namespace({}, 'm'), o: namespace({}, 'o') };
      const start = {
        ...ns,
        'n.value': table('v'),
        'n.gone': table('g'),
        'n.other': table('o'),
        'n.r': table('r'),
      };
      await commit('main', { ...start, 'o.x': table('ox') });
      await branch('dev');
      await commit('main', {
        'n.value': table('v', 'ours'),
        'n.gone': null,
        'n.other': table('o', 'ours'),
        'n.new': table('ours'),
        'n.r': null,
        'n.r1': table('r'),
        'o.mine': table('mine'),
        m: null,
      });
      await commit('dev', {
        'n.value': table('v', 'theirs'),
        'n.gone': table('g', 'theirs'),
        'n.other': table('replaced'),
        'n.new': table('theirs'),
        'n.r': null,
        'n.r2': table('r'),
        'm.t': table('mt'),
        'o.x': null,
        o: null,
      });
      const kinds = {
        'm.t': 'NAMESPACE_ABSENT',
        'n.gone': 'KEY_MISSING',
        'n.new': 'KEY_EXISTS',
        'n.other': 'CONTENT_ID_DIFFERS',
        'n.r2': 'RENAMED_APART',
        'n.value': 'VALUE_DIFFERS',
        o: 'NAMESPACE_NOT_EMPTY',
      };
      const before = await contents('main');
      const found = await merge('dev', 'main');
      expect(found).toMatchObject({ outcome: 'CONFLICTS', applied: false, before: found.after });
      expect(Object.fromEntries(found.conflicts.map(({ key, kind }) => [key.join('.'), kind]))).toEqual(
        kinds,
      );
      expect(await contents('main')).toEqual(before);
      expect(found.conflicts.find(({ kind }) => kind === 'VALUE_DIFFERS')).toMatchObject({
        base: { key: ['n', 'value'], content: table('v') },
        ours: { content: table('v', 'ours') },
        theirs: { content: table('v', 'theirs') },
      });

      const resolved = async (choice: 'OURS' | 'THEIRS' | 'DROP') => {
        const name = `try-${choice}`;
        await branch(name);
        const choices = Object.keys(kinds).map((key) => ({ key: key.split('.'), choice }));
        expect(await merge('dev', name, { choices })).toMatchObject({ outcome: 'COMMITTED' });
        const held = await contents(name);
        await branch(`${name}-default`);
        await merge('dev', `${name}-default`, { defaultChoice: choice });
        expect(await contents(`${name}-default`)).toEqual(held);
        return held;
      };
      expect(await resolved('OURS')).toEqual({
        n: ns.n,
        'n.new': table('ours'),
        'n.other': table('o', 'ours'),
        'n.r1': table('r'),
        'n.value': table('v', 'ours'),
        o: ns.o,
        'o.mine': table('mine'),
      });
      expect(await resolved('THEIRS')).toEqual({
        m: ns.m,
        'm.t': table('mt'),
        n: ns.n,
        'n.gone': table('g', 'theirs'),
        'n.new': table('theirs'),
        'n.other': table('replaced'),
        'n.r2': table('r'),
        'n.value': table('v', 'theirs'),
      });
      expect(await resolved('DROP')).toEqual({ n: ns.n });
      await expect(
        merge('dev', 'main', { choices: [{ key: ['n', ''], choice: 'OURS' }] }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('follows renames by content id, on either side', async () => {
      const { commit, branch, merge, contents } = await fresh();
      await commit('main', { a: table('1'), b: table('2'), c: table('3') });
      await branch('dev');
      await commit('main', { a: null, renamed: table('1'), b: table('2', 'new') });
      await commit('dev', { a: table('1', 'new'), b: null, moved: table('2'), c: null, a2: table('3') });
      expect((await merge('dev', 'main')).outcome).toBe('COMMITTED');
      expect(await contents('main')).toEqual({
        a2: table('3'),
        moved: table('2', 'new'),
        renamed: table('1', 'new'),
      });
      // Names that are swapped, and a rename onto a name that the other side has taken.
      await branch('two');
      await commit('two', { moved: table('1', 'new'), renamed: table('2', 'new'), a2: null, x: table('3') });
      await commit('main', { x: table('mine') });
      const found = await merge('two', 'main');
      expect(found.conflicts.map(({ key, kind }) => [key.join('.'), kind])).toEqual([['x', 'KEY_EXISTS']]);
      await merge('two', 'main', { defaultChoice: 'OURS' });
      expect(await contents('main')).toEqual({
        a2: table('3'),
        moved: table('1', 'new'),
        renamed: table('2', 'new'),
        x: table('mine'),
      });
    });

    it('asks the content merger for what both changed, and only for that', async () => {
      const { commit, branch, merge, contents } = await fresh();
      await commit('main', {
        a: table('a', '0'),
        b: table('b', '0'),
        c: table('c', '0'),
        d: table('d', '0'),
      });
      await branch('dev');
      await commit('main', {
        a: table('a', '1'),
        b: table('b', '1'),
        c: table('c', '9'),
        d: table('d', '1'),
      });
      await commit('dev', { a: table('a', '2'), b: table('b', '2'), c: table('c', '9') });
      const asked: string[] = [];
      const merger: ContentMerger = {
        async merge({ key, base, ours, theirs }) {
          asked.push(key.join('.'));
          if (key[0] === 'b') return { conflict: { kind: 'SAME_ROWS_CHANGED', detail: { rows: 3 } } };
          const values = [base, ours, theirs].map(({ value }) => String(value['version']));
          return { content: table('a', values.join('+')) };
        },
      };
      const found = await merge('dev', 'main', { merger });
      expect(asked.sort()).toEqual(['a', 'b']);
      expect(found.conflicts).toMatchObject([
        { key: ['b'], kind: 'SAME_ROWS_CHANGED', detail: { rows: 3 }, theirs: { content: table('b', '2') } },
      ]);
      await merge('dev', 'main', { merger, choices: [{ key: ['b'], choice: 'THEIRS' }] });
      expect(await contents('main')).toEqual({
        a: table('a', '0+1+2'),
        b: table('b', '2'),
        c: table('c', '9'),
        d: table('d', '1'),
      });
    });

    it('takes namespaces that both sides made for the same, with the properties of both', async () => {
      const { commit, branch, merge, contents } = await fresh();
      await commit('main', { z: table('z') });
      await branch('dev');
      await commit('main', { n: namespace({ a: '1' }, 'one'), 'n.x': table('x') });
      await commit('dev', { n: namespace({ b: '2' }, 'two'), 'n.y': table('y') });
      expect((await merge('dev', 'main')).outcome).toBe('COMMITTED');
      const held = await contents('main');
      expect(held['n']).toEqual(namespace({ a: '1', b: '2' }, 'one'));
      expect(Object.keys(held)).toEqual(['n', 'n.x', 'n.y', 'z']);
      await commit('dev', { n: namespace({ b: '3' }, 'two') });
      expect((await merge('dev', 'main')).conflicts).toMatchObject([
        { key: ['n'], kind: 'CONTENT_ID_DIFFERS' },
      ]);
    });

    it('merges over criss-cross history: what both sides settled alike is settled', async () => {
      const { catalog, commit, branch, merge, contents, head } = await fresh();
      await commit('main', { a: table('a', '0'), b: table('b', '0') });
      await branch('dev');
      await commit('main', { a: table('a', '1') });
      await commit('dev', { b: table('b', '1') });
      const [mainBefore, devBefore] = [await head('main'), await head('dev')];
      await merge('dev', 'main');
      await catalog.merge({ branch: 'dev', from: mainBefore, author: 'ada' });
      const { bases } = await catalog.relate(await head('main'), await head('dev'));
      expect(new Set(bases)).toEqual(new Set([mainBefore, devBefore]));
      await commit('main', { a: table('a', '0') });
      await commit('dev', { c: table('c') });
      // Were the first of the bases taken alone, a or b would seem changed on both sides.
      const merged = await merge('dev', 'main');
      expect(merged).toMatchObject({ outcome: 'COMMITTED', base: null });
      expect(await contents('main')).toEqual({ a: table('a', '0'), b: table('b', '1'), c: table('c') });
    });

    it('lands among other commits, all of which stay', async () => {
      const { catalog, commit, branch, merge, head, contents } = await fresh();
      await commit('main', { base: table('0') });
      await Promise.all(Array.from({ length: 6 }, (_, index) => branch(`dev${index}`)));
      for (let index = 0; index < 6; index++)
        await commit(`dev${index}`, { [`d${index}`]: table(`d${index}`) });
      await Promise.all([
        ...Array.from({ length: 6 }, (_, index) => merge(`dev${index}`, 'main')),
        ...Array.from({ length: 12 }, (_, index) => commit('main', { [`m${index}`]: table(`m${index}`) })),
      ]);
      expect(Object.keys(await contents('main'))).toHaveLength(19);
      const { commits } = await catalog.log(await head('main'), { limit: 100 });
      expect(commits.length).toBeGreaterThanOrEqual(18);
      const here = await head('main');
      await commit('main', { last: table('l') });
      await commit('dev0', { late: table('l2') });
      await expect(merge('dev0', 'main', { expectedHead: here })).rejects.toMatchObject({
        code: 'COMMIT_CONFLICT',
      });
    });

    it('refuses to remove a namespace that has something in it', async () => {
      const { commit } = await fresh();
      await commit('main', { n: namespace(), 'n.t': table('t'), nn: table('nn') });
      await expect(commit('main', { n: null })).rejects.toMatchObject({
        code: 'NAMESPACE_NOT_EMPTY',
        context: { namespace: 'n', content: 'n.t' },
      });
      await commit('main', { n: null, 'n.t': null });
    });
  });
}
