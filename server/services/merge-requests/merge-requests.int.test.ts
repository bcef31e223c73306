import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { createMergeRequestRepository } from '#server/db/merge-request-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { createSettingRepository } from '#server/db/setting-repository.ts';
import { testDatabases } from '#server/db/testing.ts';
import type { ServiceContext } from '../context.ts';
import { mergeRef, updateRef } from '../refs/index.ts';
import {
  approveMergeRequest,
  changeMergeRequest,
  describeMergeRequest,
  listMergeRequests,
  MergeChecks,
  mergeMergeRequest,
  openMergeRequest,
  postCheckResult,
  runChecks,
  type MergeRequestContext,
} from './index.ts';

describe.each(testDatabases())('merge requests on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** A catalog whose main and dev have a commit of their own each. */
  async function setUp() {
    const catalog = await createCatalog({ store: createMemoryCatalogStore() });
    const ctx: MergeRequestContext = {
      ...({
        catalog,
        author: 'ada',
        logger: pino({ level: 'silent' }),
        settings: createSettingRepository(database.db),
      } as unknown as ServiceContext),
      mergeRequests: createMergeRequestRepository(database.db),
      mergeChecks: new MergeChecks(),
    };
    const put = (branch: string, name: string, version: string) =>
      catalog.commit({
        branch,
        author: 'bob',
        message: `${name} ${version}`,
        properties: {},
        requirements: [],
        operations: [
          { kind: 'put', key: [name], content: { type: 'ICEBERG_VIEW', id: name, value: { version } } },
        ],
      });
    await put('main', 'a', '1');
    await catalog.createRef({ name: 'dev', type: 'BRANCH', hash: (await catalog.getRef('main')).hash });
    await put('main', 'b', '1');
    const { hash } = await put('dev', 'c', '1');
    return { ctx, catalog, put, hash };
  }

  it('land what was approved and checked, and nothing that came after', async () => {
    const { ctx, catalog, put, hash } = await setUp();
    ctx.mergeChecks.register('names', async (_, { source }) => {
      const found = await catalog.getContent(source.hash, ['d']);
      return { state: found === null ? 'PASSED' : 'FAILED', summary: found === null ? '' : 'd is no name' };
    });
    const { id } = await openMergeRequest(ctx, {
      source: 'dev',
      title: 'Add c',
      requiredChecks: ['names', 'elsewhere'],
      requiredApprovals: 1,
    });
    const opened = await describeMergeRequest(ctx, id);
    expect(opened).toMatchObject({ status: 'OPEN', target: 'main', ahead: 1, behind: 1, diffTo: hash });
    expect(opened.commits.map(({ message }) => message)).toEqual(['c 1']);
    expect(opened.blockers).toHaveLength(3);
    await expect(mergeMergeRequest(ctx, id, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
      context: { blockers: opened.blockers },
    });
    expect((await mergeMergeRequest(ctx, id, { dryRun: true })).result).toMatchObject({ applied: false });
    await expect(approveMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const bob = { ...ctx, author: 'bob' };
    await approveMergeRequest(bob, id, {});
    await runChecks(ctx, id);
    const ready = await postCheckResult(ctx, id, { name: 'elsewhere', state: 'PASSED' });
    expect(ready.blockers).toEqual([]);

    // Whoever approved has not seen this.
    await put('dev', 'd', '1');
    const moved = await describeMergeRequest(ctx, id);
    expect(moved.blockers).toHaveLength(3);
    expect(moved.approvals).toMatchObject([{ name: 'bob', current: false }]);
    expect((await runChecks(ctx, id)).blockers).toContain('The check "names" failed: d is no name.');
    await changeMergeRequest(ctx, id, { requiredChecks: [], requiredApprovals: 0 });
    const { request, result } = await mergeMergeRequest(ctx, id, {});
    expect(request).toMatchObject({ status: 'MERGED', mergedHash: (await catalog.getRef('main')).hash });
    expect(result.commits.at(-1)?.message).toBe(`Add c (merge request ${id})`);
    expect(await catalog.getContent(request.mergedHash ?? '', ['c'])).not.toBeNull();
    expect((await describeMergeRequest(ctx, id)).commits).toHaveLength(2);
    await expect(approveMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('are merged once, however many try at once', async () => {
    const { ctx, catalog } = await setUp();
    const { id } = await openMergeRequest(ctx, { source: 'dev', title: 'Once' });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => mergeMergeRequest(ctx, id, {})));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const tried of tries)
      if (tried.status === 'rejected') expect(isAppError(tried.reason, 'VERSION_CONFLICT')).toBe(true);
    const { hash } = await catalog.getRef('main');
    const { commits } = await catalog.log(hash, { limit: 10 });
    expect(commits.filter(({ message }) => message.startsWith('Once'))).toHaveLength(1);
  });

  it('with conflicts stay open, and land with the choices that are made', async () => {
    const { ctx, catalog, put } = await setUp();
    await put('main', 'a', '2');
    await put('dev', 'a', '3');
    const { id } = await openMergeRequest(ctx, { source: 'dev', title: 'Clash' });
    const first = await mergeMergeRequest(ctx, id, {});
    expect(first).toMatchObject({
      request: { status: 'OPEN' },
      result: { outcome: 'CONFLICTS', conflicts: [{ key: 'a', kind: 'VALUE_DIFFERS' }] },
    });
    const second = await mergeMergeRequest(ctx, id, { choices: [{ key: 'a', choice: 'THEIRS' }] });
    expect(second.request.status).toBe('MERGED');
    expect((await catalog.getContent(second.request.mergedHash ?? '', ['a']))?.value).toEqual({
      version: '3',
    });
  });

  it('are closed and opened again, by whom has seen them as they are; gone branches block', async () => {
    const { ctx, catalog, hash } = await setUp();
    const { id, version } = await openMergeRequest(ctx, { source: 'dev', title: 'Close' });
    expect(await changeMergeRequest(ctx, id, { status: 'CLOSED', version })).toMatchObject({
      status: 'CLOSED',
      sourceHash: hash,
    });
    await expect(changeMergeRequest(ctx, id, { title: 'Late', version })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    await expect(mergeMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect(await changeMergeRequest(ctx, id, { status: 'OPEN' })).toMatchObject({ sourceHash: null });
    await catalog.deleteRef({ name: 'dev' });
    expect((await describeMergeRequest(ctx, id)).blockers).toEqual(['The branch "dev" is gone.']);
    const listed = await listMergeRequests(ctx, { status: 'OPEN', limit: 1 });
    expect(listed.requests.map((request) => request.id)).toEqual([id]);
    await expect(openMergeRequest(ctx, { source: 'main', title: 'Self' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(openMergeRequest(ctx, { source: 'nope', title: 'None' })).rejects.toMatchObject({
      code: 'REF_NOT_FOUND',
    });
  });

  it('are the only way to a branch that MERGE protects, and need what its gate says', async () => {
    const { ctx, catalog, put, hash } = await setUp();
    const bob = { ...ctx, author: 'bob' };
    const gate = { requiredApprovals: 1, requiredChecks: ['rows'] };
    await expect(updateRef(ctx, 'main', { mergeGate: gate })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await updateRef(ctx, 'main', { protection: ['MERGE'], mergeGate: gate })).toMatchObject({
      protection: ['MERGE'],
      mergeGate: { ...gate, authorMayApprove: false },
    });
    const refused = { code: 'FORBIDDEN', context: { ref: 'main', rule: 'MERGE' } };
    await expect(put('main', 'd', '1')).rejects.toMatchObject(refused);
    await expect(mergeRef(ctx, 'main', { from: 'dev' })).rejects.toMatchObject(refused);
    await expect(mergeRef(ctx, 'main', { from: 'dev', dryRun: true })).rejects.toMatchObject(refused);

    const { id } = await openMergeRequest(ctx, { source: 'dev', title: 'Gated' });
    const opened = await describeMergeRequest(ctx, id);
    expect(opened).toMatchObject({ requiredApprovals: 1, requiredChecks: ['rows'] });
    expect(opened.blockers).toEqual([
      'It has 0 of the 1 approvals that it needs at this head.',
      'The check "rows" has not run at this head.',
    ]);
    await expect(approveMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await postCheckResult(ctx, id, { name: 'rows', state: 'PASSED' });
    // Asking for less than the branch does changes nothing.
    await changeMergeRequest(ctx, id, { requiredApprovals: 0, requiredChecks: [] });
    await expect(mergeMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await approveMergeRequest(bob, id, {});
    await put('dev', 'e', '1');
    await expect(mergeMergeRequest(ctx, id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await postCheckResult(ctx, id, { name: 'rows', state: 'PASSED' });
    expect((await approveMergeRequest(bob, id, {})).blockers).toEqual([]);
    expect((await mergeMergeRequest(ctx, id, {})).request.status).toBe('MERGED');

    // Where the rule says so, one person is enough.
    await updateRef(ctx, 'main', { mergeGate: { authorMayApprove: true } });
    await put('dev', 'f', '1');
    const own = await openMergeRequest(ctx, { source: 'dev', title: 'Own' });
    await approveMergeRequest(ctx, own.id, {});
    expect((await mergeMergeRequest(ctx, own.id, {})).request.status).toBe('MERGED');
    expect(await updateRef(ctx, 'main', { protection: [] })).not.toHaveProperty('mergeGate');
    await put('main', 'g', '1');
    expect(await catalog.getContent((await catalog.getRef('main')).hash, ['c'])).not.toBeNull();
    expect(hash).not.toBe((await catalog.getRef('dev')).hash);
  });
});
