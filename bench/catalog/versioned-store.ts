import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Catalog } from '#server/catalog/catalog.ts';

/** What ours and a peer are asked alike. Tables are new ones, with one name level. */
export interface VersionedStore {
  /** One commit with a new table for each key, at the branch's head, which is asked for first. */
  commit(branch: string, keys: readonly string[]): Promise<void>;
  branch(name: string, from: string): Promise<void>;
  /** How many tables differ. */
  diff(from: string, to: string): Promise<number>;
  merge(branch: string, from: string): Promise<void>;
}

const by = { author: 'bench', message: 'bench', properties: {}, requirements: [] };
const commitBody = z.object({ head: z.string(), keys: z.array(z.string()) });

/** Our catalog behind HTTP and JSON, as a peer is that has no other door. */
export async function serveCatalog(
  catalog: Catalog,
): Promise<{ readonly store: VersionedStore; stop(): Promise<void> }> {
  const app = new Hono();
  app.get('/:ref', async (c) => c.json(await catalog.getRef(c.req.param('ref'))));
  app.post('/:ref/commit', async (c) => {
    const { keys } = commitBody.parse(await c.req.json());
    const operations = keys.map((key) => ({
      kind: 'put' as const,
      key: [key],
      content: {
        type: 'ICEBERG_TABLE',
        id: key,
        value: {
          metadataLocation: `s3://warehouse/${key}/metadata/0.metadata.json`,
          snapshotId: '1',
          schemaId: 0,
          specId: 0,
          sortOrderId: 0,
        },
      },
    }));
    return c.json(await catalog.commit({ ...by, branch: c.req.param('ref'), operations }));
  });
  app.post('/:from/branch/:name', async (c) => {
    const { hash } = await catalog.getRef(c.req.param('from'));
    return c.json(await catalog.createRef({ name: c.req.param('name'), type: 'BRANCH', hash }));
  });
  app.get('/:from/diff/:to', async (c) => {
    const [from, to] = await Promise.all(
      [c.req.param('from'), c.req.param('to')].map((ref) => catalog.getRef(ref)),
    );
    return c.json(await catalog.diff(from?.hash ?? null, to?.hash ?? ''));
  });
  app.post('/:ref/merge/:from', async (c) => {
    const { hash: from } = await catalog.getRef(c.req.param('from'));
    const merged = await catalog.merge({ ...by, branch: c.req.param('ref'), from });
    return c.json({ outcome: merged.outcome }, merged.outcome === 'COMMITTED' ? 200 : 409);
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (method: string, path: string, json?: unknown): Promise<unknown> => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as unknown;
  };
  return {
    store: {
      async commit(branch, keys) {
        const { hash: head } = (await ask('GET', `/${branch}`)) as { hash: string };
        await ask('POST', `/${branch}/commit`, { head, keys });
      },
      branch: async (name, from) => void (await ask('POST', `/${from}/branch/${name}`)),
      diff: async (from, to) => ((await ask('GET', `/${from}/diff/${to}`)) as unknown[]).length,
      merge: async (branch, from) => void (await ask('POST', `/${branch}/merge/${from}`)),
    },
    async stop() {
      server.close();
      await once(server, 'close');
    },
  };
}
