import { OpenAPIHono } from '@hono/zod-openapi';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareResult, landResult } from '#shared/contract/merges.ts';
import { logPage, refInfo, reflogPage, restoreResult } from '#shared/contract/refs.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import type { ServiceContext } from '../../services/context.ts';
import { renderError } from '../error-renderer.ts';
import { mergeRoutes } from './merges.ts';
import { refRoutes } from './refs.ts';

let catalog: Catalog;
let app: OpenAPIHono;

beforeEach(async () => {
  catalog = await createCatalog({ store: createMemoryCatalogStore() });
  const logger = pino({ level: 'silent' });
  const ctx = { catalog, author: 'ada', logger } as unknown as ServiceContext;
  app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, logger));
  app.route('/', refRoutes(ctx));
  app.route('/', mergeRoutes(ctx));
});

/** Contents that are no tables, so that describing them opens no files. */
const put = (branch: string, name: string, version: string) =>
  catalog.commit({
    branch,
    author: 'bob',
    message: `${name} ${version}`,
    properties: {},
    requirements: [],
    operations: [
      { kind: 'put', key: name.split('.'), content: { type: 'ICEBERG_VIEW', id: name, value: { version } } },
    ],
  });

async function ask(method: string, path: string, json?: unknown) {
  const response = await app.request(path, {
    method,
    ...(json === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
  });
  const body: unknown = await response.json();
  return { status: response.status, body };
}
const refusal = async (method: string, path: string, json?: unknown) => {
  const { status, body } = await ask(method, path, json);
  return { status, ...(body as { error: { code: string; message: string } }).error };
};
const land = async (path: string, json: unknown) => landResult.parse((await ask('POST', path, json)).body);

describe('refs over HTTP', () => {
  it('tells of a commit of more than 1,000 changes how many there are, and the first of them', async () => {
    await catalog.commit({
      branch: 'main',
      author: 'bob',
      message: 'many',
      properties: {},
      requirements: [],
      operations: Array.from({ length: 1001 }, (_, index) => ({
        kind: 'put',
        key: ['ns', `v${index}`],
        content: { type: 'ICEBERG_VIEW', id: String(index), value: {} },
      })),
    });
    const { entries } = logPage.parse((await ask('GET', '/refs/main/log')).body);
    expect(entries.map(({ changes, changeCount }) => [changes.length, changeCount])).toEqual([[1000, 1001]]);
  });

  it('refuses choices for what does not conflict, telling what does, and fields that it does not know', async () => {
    await put('main', 'ns.a', '1');
    await ask('POST', '/refs', { name: 'dev' });
    await put('main', 'ns.a', '2');
    await put('dev', 'ns.a', '3');
    await put('dev', 'ns.b', '1');
    const choice = (key: string) => ({ key, choice: 'THEIRS' });
    const merge = { from: 'dev', choices: [choice('ns.a'), choice('ns.b'), choice('ns.😀')] };
    for (const dryRun of [true, false]) {
      const refused = await ask('POST', '/refs/main/merge', { ...merge, dryRun });
      expect(refused).toMatchObject({
        status: 400,
        body: {
          error: {
            code: 'INVALID_INPUT',
            context: { unknown: ['ns.b', 'ns.😀'], known: ['ns.a'] },
          },
        },
      });
    }
    const misspelt = await refusal('POST', '/refs/main/merge', { from: 'dev', choises: [] });
    expect(misspelt).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(misspelt.message).toContain('choises');
    const wrong = await refusal('POST', '/refs/main/merge', {
      from: 'dev',
      choices: [{ key: 'ns.a', choice: 'MINE' }],
    });
    expect(wrong.message).toContain('one of OURS, THEIRS, DROP');
    const { commits } = await land('/refs/main/cherry-pick', { commits: ['dev'], choices: [] });
    expect(commits.map(({ message }) => message)).toEqual(['ns.b 1']);
    const { hash } = await catalog.getRef('main');
    expect(
      (await refusal('POST', '/refs/main/revert', { commits: [hash], choices: [choice('ns.b')] })).message,
    ).toContain('Nothing conflicts');
  });

  it('commits say whom they are by and what the request gave them, and nothing that only the server says', async () => {
    await put('main', 'a', '1');
    await ask('POST', '/refs', { name: 'dev' });
    await put('main', 'b', '1');
    await put('dev', 'c', '1');
    const merge = async (headers: Record<string, string>) => {
      const response = await app.request('/refs/main/merge', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ from: 'dev' }),
      });
      return { status: response.status, text: await response.text() };
    };
    for (const [header, value] of [
      ['timestream-author', ''],
      ['timestream-author', '%ff'],
      ['timestream-author', 'a%0Ab'],
      ['timestream-author', 'x'.repeat(201)],
      ['timestream-properties', 'novalue'],
      ['timestream-properties', '=1'],
      ['timestream-properties', 'timestream.sql=1'],
      ['timestream-properties', Array.from({ length: 101 }, (_, at) => `k${at}=v`).join('&')],
    ] as const) {
      expect(await merge({ [header]: value })).toMatchObject({
        status: 400,
        text: expect.stringContaining(header),
      });
    }
    const said = { 'timestream-author': 'Zo%C3%AB', 'timestream-properties': 'ticket=12&why=a%3Db%26c' };
    expect((await merge(said)).status).toBe(200);
    const { entries } = logPage.parse((await ask('GET', '/refs/main/log')).body);
    expect(entries[0]).toMatchObject({ author: 'Zoë', properties: { ticket: '12', why: 'a=b&c' } });
  });

  it('tells conflicts as data, and merges with the choices that were given', async () => {
    await put('main', 'ns.a', '1');
    await ask('POST', '/refs', { name: 'team/dev' });
    const { hash: ours } = await put('main', 'ns.a', '2');
    await put('team/dev', 'ns.a', '3');
    await put('team/dev', 'ns.b', '1');
    const dry = await land('/refs/main/merge', { from: 'team/dev', dryRun: true });
    expect(dry).toMatchObject({ outcome: 'CONFLICTS', applied: false, dryRun: true, after: ours });
    expect(dry.conflicts).toMatchObject([
      {
        key: 'ns.a',
        kind: 'VALUE_DIFFERS',
        base: { value: { version: '1' } },
        ours: { value: { version: '2' } },
        theirs: { value: { version: '3' } },
        choices: ['OURS', 'THEIRS', 'DROP'],
      },
    ]);
    expect(
      await refusal('POST', '/refs/main/merge', { from: 'team/dev', expectedHash: dry.base }),
    ).toMatchObject({
      status: 409,
      code: 'COMMIT_CONFLICT',
    });
    const merged = await land('/refs/main/merge', {
      from: 'team/dev',
      expectedHash: ours,
      choices: [{ key: 'ns.a', choice: 'THEIRS' }],
    });
    expect(merged).toMatchObject({
      outcome: 'COMMITTED',
      applied: true,
      changes: [
        { key: 'ns.a', kind: 'modified' },
        { key: 'ns.b', kind: 'added' },
      ],
    });
    expect(merged.commits).toMatchObject([{ message: 'Merge team/dev into main', author: 'ada' }]);
    const compared = compareResult.parse((await ask('GET', '/compare?from=main&to=team%2Fdev')).body);
    expect(compared).toMatchObject({ ahead: 0, behind: 2, changeCount: 0 });
  });

  it('picks, reverts and rebases', async () => {
    await put('main', 'a', '1');
    await ask('POST', '/refs', { name: 'dev' });
    const first = await put('dev', 'b', '1');
    const second = await put('dev', 'c', '1');
    await put('main', 'd', '1');
    const range = { after: 'main*2100-01-01T00:00:00Z', to: 'dev' };
    expect(await refusal('POST', '/refs/main/cherry-pick', { range })).toMatchObject({
      status: 400,
      message: expect.stringContaining('no range between them') as string,
    });
    const picked = await land('/refs/main/cherry-pick', { commits: [`dev@${second.hash.slice(0, 12)}`] });
    expect(picked.commits).toMatchObject([
      { author: 'bob', message: 'c 1', properties: { 'cherry-picked-from': second.hash } },
    ]);
    const reverted = await land('/refs/main/revert', { commits: ['main'] });
    expect(reverted).toMatchObject({ changes: [{ key: 'c', kind: 'removed' }] });
    const rebased = await land('/refs/dev/rebase', { onto: 'main' });
    expect(rebased.commits.map(({ message }) => message)).toEqual([first.message, second.message]);
    expect(await refusal('POST', '/refs/main/revert', { commits: [] })).toMatchObject({ status: 400 });
  });

  it('renames, protects, resets, deletes, and undoes any of it from the reflog', async () => {
    const first = await put('main', 'a', '1');
    await put('main', 'a', '2');
    await ask('POST', '/refs', { name: 'x' });
    const renamed = refInfo.parse((await ask('PATCH', '/refs/x', { name: 'y', protection: ['RESET'] })).body);
    expect(renamed).toMatchObject({ name: 'y', protection: ['RESET'] });
    const to = first.hash;
    expect(await refusal('PUT', '/refs/y', { to })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    await ask('PATCH', '/refs/y', { protection: [] });
    expect((await ask('PUT', '/refs/y', { to, message: 'oops' })).body).toMatchObject({ hash: to });
    expect(await refusal('DELETE', `/refs/y?expectedHash=${renamed.hash}`)).toMatchObject({ status: 409 });
    await ask('DELETE', '/refs/y');
    const { entries } = reflogPage.parse((await ask('GET', '/reflog?ref=y')).body);
    expect(entries.map(({ operation }) => operation)).toEqual(['delete', 'reset', 'protect', 'rename']);
    expect(entries[1]).toMatchObject({ message: 'oops', author: 'ada', before: renamed.hash, after: to });
    const undo = async (id = '') =>
      restoreResult.parse((await ask('POST', `/reflog/${id}/restore`, {})).body);
    expect((await undo(entries[0]?.id)).refs).toMatchObject([{ name: 'y', hash: to }]);
    expect((await undo(entries[1]?.id)).refs).toMatchObject([{ name: 'y', hash: renamed.hash }]);
    expect((await undo(entries[3]?.id)).refs).toMatchObject([{ name: 'x', hash: renamed.hash }]);
    expect(await refusal('POST', '/reflog/999/restore', {})).toMatchObject({ status: 404 });
    expect(await refusal('DELETE', '/refs/main')).toMatchObject({ status: 403 });
    expect(await refusal('PATCH', '/refs/x', {})).toMatchObject({ status: 400 });
  });

  it('searches the log by namespace, author, text and time', async () => {
    await put('main', 'ns.a', '1');
    const two = await put('main', 'ns.sub.b', '1');
    await put('main', 'other.c', '1');
    const messages = async (query: string) =>
      logPage.parse((await ask('GET', `/refs/main/log?${query}`)).body).entries.map(({ message }) => message);
    expect(await messages('namespace=ns')).toEqual(['ns.sub.b 1', 'ns.a 1']);
    expect(await messages('table=other.c')).toEqual(['other.c 1']);
    expect(await messages('text=SUB&author=BOB')).toEqual(['ns.sub.b 1']);
    expect(await messages('author=ada')).toEqual([]);
    expect(await messages(`since=${two.time.toISOString()}&limit=1`)).toEqual(['other.c 1']);
    expect(await messages(`until=${two.time.toISOString()}`)).toEqual(['ns.sub.b 1', 'ns.a 1']);
  });
});
