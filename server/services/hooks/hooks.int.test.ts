import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHookRequest } from '#shared/contract/hooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { createHookRepository } from '#server/db/hook-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { testDatabases } from '#server/db/testing.ts';
import {
  createHook,
  DeliveryWorker,
  deleteHook,
  HookBus,
  hookedCatalog,
  listDeliveries,
  testHook,
  updateHook,
} from './index.ts';
import { isSignedBy } from './webhook.ts';

interface Received {
  readonly event: string;
  readonly signature: string;
  readonly body: string;
}

/** A receiver of webhooks; it answers as it is told. */
class Receiver {
  readonly received: Received[] = [];
  answers: { readonly status: number; readonly body: string }[] = [];
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [event, signature] = ['x-timestream-event', 'x-timestream-signature'].map((name) =>
      String(request.headers[name]),
    );
    this.received.push({ event: event ?? '', signature: signature ?? '', body });
    const answer = this.answers.shift() ?? { status: 200, body: 'ok' };
    response.writeHead(answer.status).end(answer.body);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(testDatabases())('hooks on $name', ({ open }) => {
  let database: OpenDatabase;
  let receiver: Receiver;
  let url: string;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    database = await open();
    receiver = new Receiver();
    url = await receiver.open();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    receiver.received.length = 0;
    receiver.answers = [];
  });
  afterAll(async () => {
    receiver.close();
    await database.close();
  });

  async function setUp() {
    const hookStore = createHookRepository(database.db);
    const logger = pino({ level: 'silent' });
    const worker = new DeliveryWorker({ store: hookStore, logger, firstWaitMs: 20 });
    const hooks = new HookBus({ store: hookStore, logger, wake: () => worker.wake() });
    const ctx = { hookStore, hooks };
    ends.push(() => worker.close());
    const catalog = hookedCatalog(await createCatalog({ store: createMemoryCatalogStore() }), hooks);
    const hook = async (events: string[], more: object = {}) => {
      const made = await createHook(ctx, createHookRequest.parse({ name: 'check', url, events, ...more }));
      ends.push(() => deleteHook(ctx, made.id));
      return made;
    };
    return { ctx, hooks, catalog, hook };
  }

  const commit = async (catalog: Catalog, branch = 'main') =>
    catalog.commit({
      branch,
      author: 'ada',
      message: 'One',
      properties: {},
      requirements: [],
      operations: [{ kind: 'put', key: ['a'], content: { type: 'NAMESPACE', id: '1', value: {} } }],
    });

  it('veto with a reason before anything has happened, in this process and from elsewhere', async () => {
    const { ctx, hooks, catalog, hook } = await setUp();
    const before = (await catalog.getRef('main')).hash;
    const { id, secret } = await hook(['pre-commit', 'pre-branch'], { refPattern: 'main*' });
    receiver.answers = [{ status: 200, body: '{"allow": false, "reason": "It is Friday."}' }];
    await expect(commit(catalog)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'The hook "check" refused it: It is Friday.',
    });
    expect((await catalog.getRef('main')).hash).toBe(before);
    const [asked] = receiver.received;
    expect(asked?.event).toBe('pre-commit');
    expect(isSignedBy(secret, asked?.signature ?? '', asked?.body ?? '')).toBe(true);
    expect(isSignedBy(secret, asked?.signature ?? '', `${asked?.body} `)).toBe(false);
    expect(JSON.parse(asked?.body ?? '')).toMatchObject({
      event: 'pre-commit',
      ref: 'main',
      author: 'ada',
      detail: { changes: [{ kind: 'put', key: 'a' }], changeCount: 1 },
    });
    const { hash } = await commit(catalog);
    expect((await catalog.getRef('main')).hash).toBe(hash);
    await catalog.createRef({ name: 'dev', type: 'BRANCH', hash });
    // The pattern is of other branches.
    expect(receiver.received.map(({ event }) => event)).toEqual(['pre-commit', 'pre-commit']);
    const log = await listDeliveries(ctx, id, { limit: 10 });
    expect(log.deliveries.map(({ state, problem }) => [state, problem])).toEqual([
      ['DELIVERED', null],
      ['VETOED', 'It is Friday.'],
    ]);
    ends.push(
      hooks.on('pre-tag', ({ ref }) => {
        throw new AppError('FORBIDDEN', `No tag ${ref}.`);
      }),
    );
    await expect(catalog.createRef({ name: 'v1', type: 'TAG', hash })).rejects.toThrow('No tag v1.');
    expect((await catalog.listRefs()).map(({ name }) => name).sort()).toEqual(['dev', 'main']);
  });

  it('are asked about a rename to a name of theirs too; what is no entry of the reflog is not found', async () => {
    const { catalog, hook } = await setUp();
    await catalog.createRef({ name: 'dev', type: 'BRANCH', hash: (await catalog.getRef('main')).hash });
    await hook(['pre-branch'], { refPattern: 'release/*' });
    receiver.answers = [{ status: 200, body: '{"allow": false, "reason": "Not yet."}' }];
    await expect(catalog.renameRef({ name: 'dev', to: 'release/1', author: 'ada' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      ref: 'dev',
      detail: { to: 'release/1' },
    });
    expect((await catalog.listRefs()).map(({ name }) => name).sort()).toEqual(['dev', 'main']);
    await catalog.renameRef({ name: 'dev', to: 'other', author: 'ada' });
    expect(receiver.received).toHaveLength(1);
    for (const entry of ['abc', '1e3', '99999999999999999999', '999999999999999999'])
      await expect(catalog.restore({ entry, author: 'ada' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are tried with something made up, signed and logged, whatever they answer', async () => {
    const { ctx, hook } = await setUp();
    const { id, secret } = await hook(['pre-merge'], { active: false, refPattern: 'release/*' });
    receiver.answers = [
      { status: 200, body: '{"allow": false, "reason": "No."}' },
      { status: 404, body: '' },
    ];
    expect(await testHook(ctx, id)).toMatchObject({ state: 'VETOED', problem: 'No.', attempts: 1 });
    expect(await testHook(ctx, id)).toMatchObject({ state: 'FAILED', status: 404, dueAt: null });
    const [sent] = receiver.received;
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ event: 'pre-merge', action: 'test', detail: {} });
    expect(isSignedBy(secret, sent?.signature ?? '', sent?.body ?? '')).toBe(true);
    expect((await listDeliveries(ctx, id, { limit: 10 })).deliveries.map(({ state }) => state)).toEqual([
      'FAILED',
      'VETOED',
    ]);
    await expect(testHook(ctx, 'nope')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that can not be asked refuse, or allow, as they were made', async () => {
    const { ctx, catalog, hook } = await setUp();
    receiver.answers = [
      { status: 500, body: '' },
      { status: 500, body: '' },
    ];
    const { id } = await hook(['pre-commit']);
    await expect(commit(catalog)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await updateHook(ctx, id, { onFailure: 'ALLOW' });
    await expect(commit(catalog)).resolves.toMatchObject({ message: 'One' });
  });

  it('are told after, and again until they take it; what did not happen is not told', async () => {
    const { ctx, catalog, hook } = await setUp();
    const { id } = await hook(['post-commit', 'post-merge', 'post-branch']);
    receiver.answers = [
      { status: 503, body: '' },
      { status: 302, body: '' },
    ];
    const { hash } = await commit(catalog);
    await until(() => receiver.received.length === 3);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      event: 'post-commit',
      detail: { hash },
    });
    await catalog.createRef({ name: 'dev', type: 'BRANCH', hash });
    await catalog.merge({ branch: 'main', from: hash });
    await catalog.merge({ branch: 'main', from: hash, dryRun: true });
    const settled = async () =>
      (await listDeliveries(ctx, id, { limit: 10 })).deliveries.every(({ state }) => state === 'DELIVERED');
    await until(settled);
    const { deliveries } = await listDeliveries(ctx, id, { limit: 10 });
    expect(deliveries.map(({ event, attempts, status }) => [event, attempts, status])).toEqual([
      ['post-branch', 1, 200],
      ['post-commit', 3, 200],
    ]);
  });
});
