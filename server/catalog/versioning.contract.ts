import { isAppError } from '#shared/errors/app-error.ts';
import type { Catalog } from './catalog.ts';
import { describe, expect, it } from 'vitest';
import { createCatalog } from './create-catalog.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import { table, workspace } from './testing/workspace.ts';

/** What a catalog promises of other ways to move changes and refs, and of the log of these moves, on whatever store. */
export function versioningContract(open: () => Promise<CatalogStore>): void {
  const fresh = async () => {
    const catalog = await createCatalog({ store: await open() });
    return { catalog, ...workspace(catalog) };
  };

  describe('picking, reverting, rebasing', () => {
    it('takes commits over one by one, leaves out what is there, and stops at what conflicts', async () => {
      const { catalog, commit, branch, contents, messages, head } = await fresh();
      await commit('main', { a: table('a', '0') });
      await branch('dev');
      const one = await commit('dev', { a: table('a', '1') }, 'one');
      const two = await commit('dev', { b: table('b') }, 'two');
      const three = await commit('dev', { a: table('a', '2') }, 'three');
      const pick = (commits: string[], more = {}) =>
        catalog.cherryPick({ branch: 'main', commits, author: 'bob', ...more });
      const before = await head('main');
      const conflicting = await pick([two.hash, three.hash]);
      expect(conflicting).toMatchObject({ outcome: 'CONFLICTS', stoppedAt: three.hash, applied: false });
      expect(await head('main')).toBe(before);
      expect(await pick([one.hash, two.hash], { dryRun: true })).toMatchObject({ applied: false });
      expect(await pick([one.hash, two.hash])).toMatchObject({ outcome: 'COMMITTED', applied: true });
      expect(await pick([one.hash, two.hash])).toMatchObject({ outcome: 'UP_TO_DATE', applied: false });
      expect(await messages('main')).toEqual(['two', 'one', 'a']);
      expect(await contents('main')).toEqual({ a: table('a', '1'), b: table('b') });

      const reverted = await catalog.revert({ branch: 'main', commits: [await head('main')], author: 'bob' });
      expect(reverted.commits).toMatchObject([{ message: 'Revert "two"', author: 'bob' }]);
      expect(await contents('main')).toEqual({ a: table('a', '1') });
    });

    it('reverts a merge against the parent that is named', async () => {
      const { catalog, commit, branch, merge, contents } = await fresh();
      await commit('main', { a: table('a') });
      await branch('dev');
      await commit('dev', { b: table('b') });
      await commit('main', { c: table('c') });
      const { after } = await merge('dev', 'main');
      const revert = (mainline?: number) =>
        catalog.revert({ branch: 'main', commits: [after], ...(mainline === undefined ? {} : { mainline }) });
      await expect(revert()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(revert(3)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await revert(1);
      expect(Object.keys(await contents('main'))).toEqual(['a', 'c']);
    });

    it('puts the commits of a branch on top of another, or nothing', async () => {
      const { catalog, commit, branch, contents, messages, head } = await fresh();
      await commit('main', { a: table('a', '0') }, 'start');
      await branch('dev');
      await commit('dev', { b: table('b') }, 'mine');
      await commit('dev', { a: table('a', '1') }, 'same');
      await commit('main', { a: table('a', '1') }, 'theirs');
      const onto = await head('main');
      expect(await catalog.rebase({ branch: 'dev', onto })).toMatchObject({ outcome: 'COMMITTED' });
      expect(await messages('dev')).toEqual(['mine', 'theirs', 'start']);
      expect(await contents('dev')).toEqual({ a: table('a', '1'), b: table('b') });
      expect((await catalog.rebase({ branch: 'dev', onto })).outcome).toBe('UP_TO_DATE');
      expect((await catalog.rebase({ branch: 'main', onto: await head('dev') })).outcome).toBe(
        'FAST_FORWARD',
      );
    });
  });

  describe('refs and their log', () => {
    it('logs every move with who and why, in pages, and undoes any, deletion too', async () => {
      const { catalog, commit, branch, head } = await fresh();
      const first = await commit('main', { a: table('a') }, 'first');
      await branch('dev');
      const work = await commit('dev', { b: table('b') }, 'work');
      await catalog.deleteRef({ name: 'dev', author: 'eve', message: 'by mistake' });
      const { entries } = await catalog.reflog({ ref: 'dev', limit: 10 });
      expect(entries).toMatchObject([
        { operation: 'delete', author: 'eve', message: 'by mistake', before: work.hash, after: null },
        { operation: 'commit', author: 'ada', message: 'work', before: first.hash, after: work.hash },
        { operation: 'create', before: null, after: first.hash },
      ]);
      const undo = async (entry = '') => catalog.restore({ entry, author: 'ada' });
      expect((await undo(entries[0]?.id)).refs).toMatchObject([{ name: 'dev', hash: work.hash }]);
      expect((await undo(entries[1]?.id)).refs).toMatchObject([{ name: 'dev', hash: first.hash }]);
      expect((await undo(entries[2]?.id)).refs).toEqual([]);
      await expect(head('dev')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
      await expect(undo('12345')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(undo('x')).rejects.toMatchObject({ code: 'NOT_FOUND' });

      const all = [];
      for (let before: string | undefined; ;) {
        const page: Awaited<ReturnType<Catalog['reflog']>> = await catalog.reflog({
          limit: 2,
          ...(before === undefined ? {} : { before }),
        });
        all.push(...page.entries);
        before = page.next;
        if (before === undefined) break;
      }
      expect(all.map(({ ref, operation }) => `${ref} ${operation}`)).toEqual([
        'dev restore',
        'dev restore',
        'dev restore',
        'dev delete',
        'dev commit',
        'dev create',
        'main commit',
        'main create',
      ]);
      expect(new Set(await catalog.roots())).toContain(work.hash);
      expect(await catalog.expireReflog(new Date(Date.now() + 60_000))).toBe(8);
      expect(await catalog.roots()).toEqual([first.hash]);
    });

    it('logs each of the commits that landed together', async () => {
      const { catalog, commit } = await fresh();
      const commits = await Promise.all(
        Array.from({ length: 20 }, (_, index) => commit('main', { [`t${index}`]: table(`${index}`) })),
      );
      const { entries } = await catalog.reflog({ ref: 'main', limit: 20 });
      expect(entries.map(({ after }) => after).reverse()).toEqual(commits.map(({ hash }) => hash));
      expect(
        entries
          .map(({ before }) => before)
          .reverse()
          .slice(1),
      ).toEqual(commits.slice(0, -1).map(({ hash }) => hash));
      const [, , third] = commits;
      const entry = entries.find(({ after }) => after === third?.hash)?.id ?? '';
      expect((await catalog.restore({ entry })).refs).toMatchObject([{ hash: commits[1]?.hash }]);
    });

    it('lets merge requests alone move what MERGE protects', async () => {
      const { catalog, commit, branch, head, contents } = await fresh();
      const first = await commit('main', { a: table('a') });
      await branch('release');
      const ahead = await commit('main', { b: table('b') });
      await branch('dev');
      await commit('dev', { c: table('c') });
      const second = await commit('release', { d: table('d') });
      const { entries } = await catalog.reflog({ ref: 'release', limit: 1 });
      await catalog.protectRef({ name: 'release', protection: ['MERGE'] });
      const from = await head('dev');
      for (const refused of [
        () => commit('release', { e: table('e') }),
        () => catalog.merge({ branch: 'release', from }),
        () => catalog.merge({ branch: 'release', from, strategy: 'SQUASH', dryRun: true }),
        () => catalog.cherryPick({ branch: 'release', commits: [ahead.hash] }),
        () => catalog.revert({ branch: 'release', commits: [second.hash] }),
        () => catalog.rebase({ branch: 'release', onto: from }),
        () => catalog.assignRef({ name: 'release', hash: first.hash }),
        () => catalog.deleteRef({ name: 'release' }),
        () => catalog.renameRef({ name: 'release', to: 'old' }),
        () => catalog.restore({ entry: entries[0]?.id ?? '' }),
      ]) {
        await expect(refused()).rejects.toMatchObject({ code: 'FORBIDDEN', context: { rule: 'MERGE' } });
      }
      expect(await head('release')).toBe(second.hash);
      await catalog.merge({ branch: 'release', from, byRequest: true });
      expect(Object.keys(await contents('release'))).toEqual(['a', 'b', 'c', 'd']);
    });

    it('renames and resets, only from where the ref was expected', async () => {
      const { catalog, commit, branch, head } = await fresh();
      const one = await commit('main', { a: table('1') });
      const two = await commit('main', { a: table('2') });
      await branch('dev');
      const stale = { expectedHead: one.hash };
      for (const refused of [
        () => catalog.renameRef({ name: 'dev', to: 'x', ...stale }),
        () => catalog.assignRef({ name: 'dev', hash: one.hash, ...stale }),
        () => catalog.protectRef({ name: 'dev', protection: ['RESET'], ...stale }),
        () => catalog.deleteRef({ name: 'dev', ...stale }),
      ]) {
        await expect(refused()).rejects.toMatchObject({
          code: 'COMMIT_CONFLICT',
          context: { ref: 'dev', head: two.hash },
        });
      }
      await expect(catalog.renameRef({ name: 'dev', to: 'main' })).rejects.toMatchObject({
        code: 'REF_ALREADY_EXISTS',
      });
      for (const to of ['', 'a b', '*.*', '"', '😀', 'x'.repeat(1000)]) {
        await expect(catalog.renameRef({ name: 'dev', to })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      }
      await catalog.renameRef({ name: 'dev', to: 'team/x.y' });
      await expect(head('dev')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
      await catalog.assignRef({ name: 'team/x.y', hash: one.hash });
      expect(await head('team/x.y')).toBe(one.hash);
      await expect(catalog.assignRef({ name: 'team/x.y', hash: 'f'.repeat(64) })).rejects.toMatchObject({
        code: 'COMMIT_NOT_FOUND',
      });
      await expect(catalog.renameRef({ name: 'main', to: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it('refuses on a protected ref what its rules name, and nothing else', async () => {
      const { catalog, commit, branch, merge, head } = await fresh();
      const one = await commit('main', { a: table('1') });
      await branch('dev');
      await commit('dev', { b: table('2') });
      await catalog.protectRef({ name: 'main', protection: ['RESET', 'COMMIT', 'DELETE'] });
      const forbidden = (promise: Promise<unknown>) =>
        expect(promise).rejects.toMatchObject({ code: 'FORBIDDEN', context: { ref: 'main' } });
      await forbidden(commit('main', { c: table('3') }));
      await forbidden(catalog.revert({ branch: 'main', commits: [one.hash] }));
      expect(await merge('dev', 'main', { fastForward: 'NEVER' })).toMatchObject({ applied: true });
      await forbidden(catalog.assignRef({ name: 'main', hash: one.hash }));
      const { entries } = await catalog.reflog({ ref: 'main', limit: 1 });
      await forbidden(catalog.restore({ entry: entries[0]?.id ?? '' }));
      await commit('dev', { d: table('4') });
      await merge('main', 'dev');
      // Forward is no loss.
      await catalog.assignRef({ name: 'main', hash: await head('dev') });
      await catalog.protectRef({ name: 'main', protection: [] });
      await commit('main', { c: table('3') });
      await catalog.protectRef({ name: 'dev', protection: ['DELETE'] });
      const refused: unknown = await catalog.deleteRef({ name: 'dev' }).catch((error: unknown) => error);
      expect(isAppError(refused, 'FORBIDDEN')).toBe(true);
      await commit('dev', { e: table('5') });
    });

    it('finds commits by author, text, time and namespace, also across lines of several branches', async () => {
      const { catalog, commit, branch, merge, head } = await fresh();
      for (let index = 0; index < 4; index++) {
        await commit('main', { [`n.m${index}`]: table('m') }, `main ${index}`);
        await branch(`b${index}`);
        await commit(`b${index}`, { [`x.b${index}`]: table('b') }, `Branch ${index}`);
        await commit(`b${index}`, { [`x.c${index}`]: table('c') }, `more ${index}`);
        await merge(`b${index}`, 'main');
      }
      const log = async (options: Partial<Parameters<Catalog['log']>[1]>) =>
        (await catalog.log(await head('main'), { limit: 50, ...options })).commits.map(
          ({ message }) => message,
        );
      const all = await log({});
      expect(all).toHaveLength(12);
      expect(all.slice(0, 4)).toEqual(['more 3', 'Branch 3', 'main 3', 'more 2']);
      expect(await log({ text: 'branch', author: 'ADA' })).toEqual(
        [3, 2, 1, 0].map((index) => `Branch ${index}`),
      );
      expect(await log({ under: ['n'], limit: 3 })).toEqual(['main 3', 'main 2', 'main 1']);
      expect(await log({ under: ['n', 'm1'] })).toEqual(['main 1']);
      expect(
        await log({
          keys: [
            ['x', 'b0'],
            ['n', 'm2'],
          ],
        }),
      ).toEqual(['main 2', 'Branch 0']);
      const page = await catalog.log(await head('main'), { limit: 2, text: 'main' });
      const rest = await catalog.log(page.next ?? '', { limit: 5, text: 'main' });
      expect(rest.commits.map(({ message }) => message)).toEqual(['main 1', 'main 0']);
      const middle = (await catalog.log(await head('main'), { limit: 50 })).commits[5];
      const time = middle?.time ?? new Date(0);
      expect(await log({ since: time })).toEqual(all.slice(0, 6));
      expect(await log({ until: time })).toEqual(all.slice(5));
      expect((await catalog.commitAt(await head('main'), time))?.hash).toBe(middle?.hash);
    });
  });
}
