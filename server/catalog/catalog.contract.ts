import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Catalog } from './catalog.ts';
import { namespace, workspace } from './testing/workspace.ts';
import { createCatalog } from './create-catalog.ts';
import type { Content, ContentKey, Operation } from './model.ts';
import type { CatalogStore } from './store/catalog-store.ts';

const table = (id: string): Content => ({
  type: 'ICEBERG_TABLE',
  id,
  value: { metadataLocation: `file:///w/${id}.json`, snapshotId: '1' },
});
const put = (key: ContentKey, content: Content): Operation => ({ kind: 'put', key, content });
const meta = { author: 'ada', message: 'a commit', properties: {}, requirements: [] };

/** What a catalog promises, on whatever store. `open` gives a new, empty store. */
export function catalogContract(open: () => Promise<CatalogStore>): void {
  const fresh = async (clock?: () => Date): Promise<Catalog> =>
    createCatalog({ store: await open(), ...(clock === undefined ? {} : { clock }) });

  describe('a catalog', () => {
    it('starts with an empty default branch; opening it twice at once makes one', async () => {
      const store = await open();
      const [one, two] = await Promise.all([createCatalog({ store }), createCatalog({ store })]);
      expect(await one.listRefs()).toEqual(await two.listRefs());
      const { hash } = await one.getRef('main');
      expect(await one.listContents(hash)).toEqual([]);
      expect(await one.log(hash, { limit: 10 })).toEqual({ commits: [] });
    });

    it('remembers which contents have expired, until that is taken back', async () => {
      const catalog = await fresh();
      const [a, b, c] = [table('1'), table('2'), { ...table('1'), id: '3' }];
      await catalog.setExpired([a, b, a], true);
      await catalog.setExpired([b], true);
      expect(await catalog.areExpired([b, c, a, structuredClone(a)])).toEqual([true, false, true, true]);
      await catalog.setExpired([a, c], false);
      expect(await catalog.areExpired([a, b, c])).toEqual([false, true, false]);
      expect(await catalog.areExpired([])).toEqual([]);
    });

    it('shows each commit what was true at it', async () => {
      const catalog = await fresh();
      const first = await catalog.commit({
        ...meta,
        branch: 'main',
        operations: [put(['a', 't'], table('1')), put(['b.c', 'ü/"*"'], table('2'))],
      });
      const second = await catalog.commit({
        ...meta,
        branch: 'main',
        message: 'more',
        operations: [put(['a', 't'], table('3')), { kind: 'delete', key: ['b.c', 'ü/"*"'] }],
      });
      expect(await catalog.getContent(first.hash, ['a', 't'])).toEqual(table('1'));
      expect(await catalog.getContent(first.hash, ['b.c', 'ü/"*"'])).toEqual(table('2'));
      expect(await catalog.getContent(second.hash, ['a', 't'])).toEqual(table('3'));
      expect(await catalog.getContent(second.hash, ['b.c', 'ü/"*"'])).toBeNull();
      expect(await catalog.diff(first.hash, second.hash)).toEqual([
        { key: ['a', 't'], before: table('1'), after: table('3') },
        { key: ['b.c', 'ü/"*"'], before: table('2'), after: null },
      ]);
      expect(await catalog.diff(null, first.hash)).toHaveLength(2);
      const { commits } = await catalog.log(second.hash, { limit: 10 });
      expect(commits.map(({ message }) => message)).toEqual(['more', 'a commit']);
      expect(await catalog.findCommit(first.hash.slice(0, 12))).toEqual(first);
    });

    it('lists one namespace without its neighbours', async () => {
      const catalog = await fresh();
      const keys: ContentKey[] = [['a'], ['a', 'x'], ['a', 'y', 'z'], ['a!'], ['ab', 'x']];
      const { hash } = await catalog.commit({
        ...meta,
        branch: 'main',
        operations: keys.map((key) => put(key, table(key.join('-')))),
      });
      expect((await catalog.listContents(hash, ['a'])).map(({ key }) => key)).toEqual([
        ['a', 'x'],
        ['a', 'y', 'z'],
      ]);
      expect(await catalog.listContents(hash)).toHaveLength(5);
    });

    it('lists what lies right beneath a namespace, in pages, past what lies beneath that', async () => {
      const catalog = await createCatalog({ store: await open() });
      const names = [
        ...Array.from({ length: 400 }, (_, at) => ['deep', `t${at}`, 'x']),
        ...['a', 'a\u0001', 'a!', 'é', '😀', 'z.z'].flatMap((name) => [[name], [name, 'in']]),
        ['only'],
        ['deep', 't7'],
      ];
      const operations = names.map((key) => put(key, table(key.join('/'))));
      const { hash } = await catalog.commit({ ...meta, branch: 'main', operations });
      const top = await catalog.listChildren(hash, []);
      expect(top.map(({ name }) => name)).toEqual(
        [...new Set(names.map(([name = '']) => name))].toSorted((x, y) => (x < y ? -1 : 1)),
      );
      expect(top.filter(({ hasMore }) => !hasMore).map(({ name }) => name)).toEqual(['only']);
      expect(top.filter(({ content }) => content === null).map(({ name }) => name)).toEqual(['deep']);
      const paged: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await catalog.listChildren(hash, ['deep'], { after, limit: 37 });
        paged.push(...page.map(({ name }) => name));
        if (page.length < 37) break;
        after = page.at(-1)?.name;
      }
      expect(paged).toEqual(Array.from({ length: 400 }, (_, at) => `t${at}`).toSorted());
      const own = await catalog.listChildren(hash, ['deep'], {
        accept: ({ content }) => content !== null,
        limit: 2,
      });
      expect(own).toMatchObject([{ name: 't7', hasMore: true }]);
      expect(await catalog.listChildren(hash, ['nowhere'])).toEqual([]);
    });

    it('takes all of 32 commits at once on different keys, in one line of history', async () => {
      const catalog = await fresh();
      const commits = await Promise.all(
        Array.from({ length: 32 }, (_, index) => {
          const key = ['ns', `t${index}`];
          return catalog.commit({
            ...meta,
            branch: 'main',
            message: `c${index}`,
            operations: [put(key, table(`${index}`))],
            requirements: [{ key, content: null }],
          });
        }),
      );
      const head = (await catalog.getRef('main')).hash;
      expect(await catalog.listContents(head)).toHaveLength(32);
      const { commits: log } = await catalog.log(head, { limit: 100 });
      expect(new Set(log.map(({ hash }) => hash))).toEqual(new Set(commits.map(({ hash }) => hash)));
      const times = log.map(({ time }) => time.getTime());
      expect(times.every((time, index) => index === 0 || time < (times[index - 1] ?? 0))).toBe(true);
    });

    it('takes one of 32 commits at once that require the same state of one key', async () => {
      const catalog = await fresh();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 32 }, (_, index) =>
          catalog.commit({
            ...meta,
            branch: 'main',
            operations: [put(['t'], table(`${index}`))],
            requirements: [{ key: ['t'], content: null }],
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      expect(refused.every((error) => isAppError(error, 'COMMIT_CONFLICT'))).toBe(true);
    });

    it('puts what commits only ensure where nothing stands, once, also after it was removed', async () => {
      const catalog = await createCatalog({ store: await open() });
      const { commit, contents } = workspace(catalog);
      const bring = (name: string) =>
        catalog.commit({
          branch: 'main',
          author: 'ada',
          message: name,
          properties: {},
          requirements: [{ key: ['ns', name], content: null }],
          operations: [
            { kind: 'put', key: ['ns', name], content: table(name) },
            { kind: 'ensure', key: ['ns'], content: namespace({ by: name }, name) },
          ],
        });
      await Promise.all(['a', 'b', 'c', 'd'].map(bring));
      const standing = await contents('main');
      expect(Object.keys(standing)).toEqual(['ns', 'ns.a', 'ns.b', 'ns.c', 'ns.d']);
      await bring('e');
      expect((await contents('main'))['ns']).toEqual(standing['ns']);
      await commit('main', { 'ns.a': null, 'ns.b': null, 'ns.c': null, 'ns.d': null, 'ns.e': null });
      const [dropped, made] = await Promise.allSettled([commit('main', { ns: null }), bring('f')]);
      expect(made.status).toBe('fulfilled');
      expect(Object.keys(await contents('main'))).toEqual(['ns', 'ns.f']);
      if (dropped.status === 'rejected')
        expect(dropped.reason).toMatchObject({ code: 'NAMESPACE_NOT_EMPTY' });
    });

    it('takes all of 32 commits at once from several processes, each acknowledged one once, in order', async () => {
      const store = await open();
      const processes = await Promise.all(Array.from({ length: 4 }, () => createCatalog({ store })));
      const acknowledged = await Promise.all(
        processes.map(async (catalog, process) => {
          const mine: string[] = [];
          for (let index = 0; index < 8; index++) {
            const operations = [put([`p${process}`, `t${index}`], table(`${process}-${index}`))];
            mine.push((await catalog.commit({ ...meta, branch: 'main', operations })).hash);
          }
          return mine;
        }),
      );
      const [catalog] = processes;
      const head = (await catalog?.getRef('main'))?.hash ?? '';
      const log = (await catalog?.log(head, { limit: 100 }))?.commits.map(({ hash }) => hash).reverse() ?? [];
      expect(log).toHaveLength(32);
      for (const mine of acknowledged) expect(log.filter((hash) => mine.includes(hash))).toEqual(mine);
      expect(await catalog?.listContents(head)).toHaveLength(32);
    });

    it('commits to the head that was expected, or not at all', async () => {
      const catalog = await fresh();
      const base = (await catalog.getRef('main')).hash;
      const input = { ...meta, branch: 'main', operations: [put(['t'], table('1'))], expectedHead: base };
      const { hash } = await catalog.commit(input);
      await expect(catalog.commit(input)).rejects.toMatchObject({
        code: 'COMMIT_CONFLICT',
        context: { ref: 'main', head: hash },
      });
      await catalog.createRef({ name: 'dev', type: 'BRANCH', hash });
      await expect(catalog.deleteRef({ name: 'dev', expectedHead: base })).rejects.toMatchObject({
        code: 'COMMIT_CONFLICT',
      });
      await catalog.deleteRef({ name: 'dev', expectedHead: hash });
      await expect(catalog.deleteRef({ name: 'dev' })).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
      await expect(catalog.deleteRef({ name: 'main' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    it('says which keys a commit found otherwise than it required', async () => {
      const catalog = await fresh();
      await catalog.commit({ ...meta, branch: 'main', operations: [put(['a', 't'], table('1'))] });
      const required = (content: Content | null) =>
        catalog.commit({
          ...meta,
          branch: 'main',
          operations: [put(['other'], table('2'))],
          requirements: [{ key: ['a', 't'], content }],
        });
      for (const wrong of [null, table('2'), { ...table('1'), type: 'ICEBERG_VIEW' }]) {
        await expect(required(wrong)).rejects.toMatchObject({
          code: 'COMMIT_CONFLICT',
          context: { keys: ['a.t'] },
        });
      }
      const { value, ...rest } = table('1');
      // The same content, its members in another order.
      await required({ value: Object.fromEntries(Object.entries(value).reverse()), ...rest });
    });

    it('can be changed by nobody but through commits', async () => {
      const catalog = await fresh();
      const content = { ...table('1'), value: { deep: { list: [1, 2] } } };
      const { hash } = await catalog.commit({ ...meta, branch: 'main', operations: [put(['t'], content)] });
      content.value.deep.list.push(3);
      const read = (await catalog.getContent(hash, ['t'])) as typeof content;
      expect(read.value.deep.list).toEqual([1, 2]);
      expect(() => read.value.deep.list.push(3)).toThrow(TypeError);
    });

    it('refuses values that JSON would change without a word', async () => {
      const catalog = await fresh();
      for (const wrong of [2n ** 63n, 2 ** 60, Number.NaN, new Date(0), [undefined], () => 1]) {
        const content = { ...table('1'), value: { inner: { wrong } } };
        await expect(
          catalog.commit({ ...meta, branch: 'main', operations: [put(['t'], content)] }),
        ).rejects.toMatchObject({
          code: 'INVALID_INPUT',
          message: expect.stringContaining('wrong') as string,
        });
      }
    });

    it('keeps any letters in names apart, and thousands of keys', async () => {
      const catalog = await fresh();
      const odd = [
        'a.b',
        'a/b',
        '😀',
        '\uFF5E',
        '\u0001',
        '%',
        "'",
        '"',
        '\\',
        'a b',
        '__proto__',
        'ü',
        'u\u0308',
      ];
      const keys: ContentKey[] = [
        ...odd.map((name) => [name]),
        ...odd.map((name) => ['a', name]),
        ...Array.from({ length: 3000 }, (_, index) => ['many', `table_${index}`]),
      ];
      const operations = keys.map((key) => put(key, table(key.join('|'))));
      const { hash } = await catalog.commit({ ...meta, branch: 'main', operations });
      for (const key of keys.slice(0, 40)) {
        expect(await catalog.getContent(hash, key)).toEqual(table(key.join('|')));
      }
      const fromStore = await catalog.listContents(hash);
      expect(new Set(fromStore.map(({ key }) => JSON.stringify(key)))).toEqual(
        new Set(keys.map((key) => JSON.stringify(key))),
      );
      expect(await catalog.listContents(hash, ['a'])).toHaveLength(odd.length);
      expect(await catalog.listContents(hash, ['many'])).toHaveLength(3000);
    });

    it('branches at no cost, apart from then on; tags do not move', async () => {
      const catalog = await fresh();
      const base = await catalog.commit({ ...meta, branch: 'main', operations: [put(['t'], table('1'))] });
      await catalog.createRef({ name: 'dev', type: 'BRANCH', hash: base.hash });
      await catalog.createRef({ name: 'v1', type: 'TAG', hash: base.hash });
      await catalog.commit({ ...meta, branch: 'dev', operations: [put(['t'], table('2'))] });
      const at = async (ref: string) => catalog.getContent((await catalog.getRef(ref)).hash, ['t']);
      expect([await at('main'), await at('dev'), await at('v1')]).toEqual([
        table('1'),
        table('2'),
        table('1'),
      ]);
      await expect(
        catalog.commit({ ...meta, branch: 'v1', operations: [put(['t'], table('3'))] }),
      ).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(catalog.createRef({ name: 'dev', type: 'TAG', hash: base.hash })).rejects.toMatchObject({
        code: 'REF_ALREADY_EXISTS',
      });
      await catalog.deleteRef({ name: 'dev' });
      await expect(catalog.getRef('dev')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
    });

    it('finds the commit of a time, also where the clock stands still', async () => {
      const start = Date.parse('2026-01-01T00:00:00Z');
      const catalog = await fresh(() => new Date(start));
      const commits = [];
      for (const id of ['1', '2', '3'])
        commits.push(await catalog.commit({ ...meta, branch: 'main', operations: [put(['t'], table(id))] }));
      const head = (await catalog.getRef('main')).hash;
      expect(await catalog.commitAt(head, new Date(start - 1))).toBeNull();
      expect((await catalog.commitAt(head, new Date(start)))?.hash).toBe(commits[0]?.hash);
      expect((await catalog.commitAt(head, new Date(start + 1)))?.hash).toBe(commits[1]?.hash);
      expect((await catalog.commitAt(head, new Date(start + 9999)))?.hash).toBe(commits[2]?.hash);
    });

    it('pages through the log, and through the log of one table', async () => {
      const catalog = await fresh();
      for (let index = 0; index < 7; index++) {
        await catalog.commit({
          ...meta,
          branch: 'main',
          message: `${index}`,
          operations: [put([index % 2 === 0 ? 'even' : 'odd'], table(`${index}`))],
        });
      }
      const head = (await catalog.getRef('main')).hash;
      const one = await catalog.log(head, { limit: 5 });
      const two = await catalog.log(one.next ?? '', { limit: 5 });
      expect([...one.commits, ...two.commits].map(({ message }) => message)).toEqual([
        '6',
        '5',
        '4',
        '3',
        '2',
        '1',
        '0',
      ]);
      expect(two.next).toBeUndefined();
      const odd = await catalog.log(head, { limit: 5, keys: [['odd']] });
      expect(odd.commits.map(({ message }) => message)).toEqual(['5', '3', '1']);
    });

    it('refuses names that are none, and commits of nothing', async () => {
      const catalog = await fresh();
      const { hash } = await catalog.getRef('main');
      for (const name of ['', 'a b', '../x', 'a..b', 'x@y', 'x*y', 'x/', 'f'.repeat(64)]) {
        await expect(catalog.createRef({ name, type: 'BRANCH', hash })).rejects.toMatchObject({
          code: 'INVALID_INPUT',
        });
      }
      await expect(catalog.commit({ ...meta, branch: 'main', operations: [] })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(
        catalog.commit({ ...meta, branch: 'main', operations: [put(['a', ''], table('1'))] }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(
        catalog.commit({ ...meta, branch: 'none', operations: [put(['a'], table('1'))] }),
      ).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
      for (const prefix of ['%', '________', '']) {
        await expect(catalog.findCommit(prefix)).rejects.toMatchObject({ code: 'COMMIT_NOT_FOUND' });
      }
      await expect(catalog.findCommit('0123456789')).rejects.toMatchObject({ code: 'COMMIT_NOT_FOUND' });
    });
  });
}
