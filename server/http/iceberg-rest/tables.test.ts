import { beforeEach, describe, expect, it } from 'vitest';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { encodeValue } from '#server/iceberg/values/single-value.ts';
import { readMetadata, RestCatalog, SCHEMA, type RestBody } from '#server/testing/rest-catalog.ts';

const NS = '/main/namespaces/bronze';
let rest: RestCatalog;

beforeEach(async () => {
  rest = await RestCatalog.open();
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
});

function file(name: string, from = 1n, to = 10n): DataFile {
  return {
    content: 'data',
    filePath: `${rest.ctx.io.root}/f/${name}.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition: new Map(),
    recordCount: to - from + 1n,
    fileSizeInBytes: 1000n,
    valueCounts: new Map([[1, to - from + 1n]]),
    nullValueCounts: new Map([[1, 0n]]),
    lowerBounds: new Map([[1, encodeValue('long', from)]]),
    upperBounds: new Map([[1, encodeValue('long', to)]]),
  };
}

const idsOf = (body: RestBody) => body.identifiers?.map(({ name }) => name);

describe('creating', () => {
  it('numbers columns, partitions and sort order anew and answers what a load answers', async () => {
    const created = await rest.ask('POST', `${NS}/tables`, {
      name: 't',
      schema: {
        type: 'struct',
        'identifier-field-ids': [20],
        fields: [
          { id: 20, name: 'id', type: 'long', required: true },
          {
            id: 10,
            name: 'tags',
            required: false,
            type: { type: 'list', 'element-id': 7, element: 'string', 'element-required': false },
          },
          { id: 11, name: 'day', type: 'date', required: false },
        ],
      },
      'partition-spec': { 'spec-id': 4, fields: [{ 'source-id': 11, transform: 'month', name: 'm' }] },
      'write-order': {
        'order-id': 3,
        fields: [{ 'source-id': 20, transform: 'identity', direction: 'desc', 'null-order': 'nulls-last' }],
      },
      properties: { owner: 'ada', 'format-version': '2' },
    });
    expect(created.status).toBe(200);
    expect(created.body.metadata).toMatchObject({
      'format-version': 2,
      schemas: [
        { 'identifier-field-ids': [1], fields: [{ id: 1 }, { id: 2, type: { 'element-id': 4 } }, { id: 3 }] },
      ],
      'partition-specs': [
        { 'spec-id': 0, fields: [{ 'source-id': 3, 'field-id': 1000, transform: 'month' }] },
      ],
      'sort-orders': [{ 'order-id': 0 }, { fields: [{ 'source-id': 1, direction: 'desc' }] }],
      properties: { owner: 'ada' },
    });
    const loaded = await rest.ask('GET', `${NS}/tables/t`);
    expect(loaded.body).toEqual(created.body);
    expect(loaded.headers.get('etag')).toBe(created.headers.get('etag'));
  });

  it('is refused where a name is taken, and where the namespace is not there', async () => {
    await rest.createTable(NS, 't');
    const again = await rest.ask('POST', `${NS}/tables`, { name: 't', schema: SCHEMA });
    expect(again.body.error).toMatchObject({ type: 'AlreadyExistsException', code: 409 });
    const nowhere = await rest.ask('POST', '/main/namespaces/silver/tables', { name: 't', schema: SCHEMA });
    expect(nowhere.body.error).toMatchObject({ type: 'NoSuchNamespaceException', code: 404 });
  });

  it.each([
    ['no schema', { name: 'u' }],
    ['an empty name', { name: '', schema: SCHEMA }],
    ['a control character', { name: 'a\u001fb', schema: SCHEMA }],
    ['half of a character', { name: '\ud83d', schema: SCHEMA }],
    ['a place outside of the storage', { name: 'u', schema: SCHEMA, location: 'file:///etc' }],
    [
      'two fields of one id',
      { name: 'u', schema: { ...SCHEMA, fields: [SCHEMA.fields[0], { ...SCHEMA.fields[1], id: 1 }] } },
    ],
    [
      'a partition by no column',
      {
        name: 'u',
        schema: SCHEMA,
        'partition-spec': { fields: [{ 'source-id': 9, transform: 'day', name: 'd' }] },
      },
    ],
  ])('answers 400 to %s, and there is no commit', async (_, body) => {
    const { status, body: answer } = await rest.ask('POST', `${NS}/tables`, body);
    expect({ status, type: answer.error?.type }).toEqual({ status: 400, type: 'BadRequestException' });
    expect(await rest.log()).toHaveLength(1);
  });

  it('keeps names with dots, slashes, quotes, emoji, and of a thousand characters apart', async () => {
    const names = ['a.b', 'a/b', '"q"', '😀 +%25', '*.*', '...', '.hidden', 'ü'.repeat(1000)];
    for (const name of names) expect(await rest.createTable(NS, name)).toHaveProperty('metadata');
    const listed = await rest.ask('GET', `${NS}/tables`);
    expect(new Set(idsOf(listed.body))).toEqual(new Set(names));
    for (const name of names) {
      const { status } = await rest.ask('HEAD', `${NS}/tables/${encodeURIComponent(name)}`);
      expect(status).toBe(204);
    }
    // Clients would make another address of these.
    for (const name of ['.', '..']) {
      const refused = await rest.ask('POST', `${NS}/tables`, { name, schema: SCHEMA });
      expect(refused.body.error?.message).toContain('addresses mean a folder by it');
    }
  });

  it('reads a plus in an address as Java clients mean it', async () => {
    await rest.createTable(NS, 'a b');
    await rest.createTable(NS, 'a+b');
    expect((await rest.ask('HEAD', `${NS}/tables/a+b`)).status).toBe(204);
    await rest.ask('DELETE', `${NS}/tables/a+b`);
    expect(idsOf((await rest.ask('GET', `${NS}/tables`)).body)).toEqual(['a+b']);
  });

  it('staged writes nothing; the commit that requires its absence makes it, with rows', async () => {
    const staged = await rest.createTable(NS, 't', { 'stage-create': true });
    expect(staged['metadata-location']).toBeNull();
    expect((await rest.ask('HEAD', `${NS}/tables/t`)).status).toBe(404);
    const { updates } = (await rest.append(staged, [file('a')])) as { updates: object[] };
    const { metadata } = staged as { metadata: Record<string, never> };
    const commit = {
      requirements: [{ type: 'assert-create' }],
      updates: [
        { action: 'assign-uuid', uuid: metadata['table-uuid'] },
        { action: 'upgrade-format-version', 'format-version': 2 },
        { action: 'set-location', location: metadata['location'] },
        { action: 'add-schema', schema: SCHEMA, 'last-column-id': 2 },
        { action: 'set-current-schema', 'schema-id': -1 },
        { action: 'add-spec', spec: { fields: [] } },
        { action: 'set-default-spec', 'spec-id': -1 },
        { action: 'add-sort-order', 'sort-order': { 'order-id': 0, fields: [] } },
        { action: 'set-default-sort-order', 'sort-order-id': -1 },
        ...updates,
      ],
    };
    const made = await rest.ask('POST', `${NS}/tables/t`, commit);
    expect(made.status).toBe(200);
    expect(readMetadata(made.body).snapshots).toHaveLength(1);
    const twice = await rest.ask('POST', `${NS}/tables/t`, commit);
    expect(twice.body.error).toMatchObject({ type: 'CommitFailedException', code: 409 });
    expect((await rest.log()).map(({ message }) => message)).toEqual([
      'Create bronze.t with rows',
      'Create namespace bronze',
    ]);
  });
});

describe('committing', () => {
  it('one of two commits on one state is refused, and lands when it is made anew', async () => {
    const base = await rest.createTable(NS, 't');
    const [first, second] = [await rest.append(base, [file('a')]), await rest.append(base, [file('b')])];
    expect((await rest.ask('POST', `${NS}/tables/t`, first)).status).toBe(200);
    const lost = await rest.ask('POST', `${NS}/tables/t`, second);
    expect(lost.body.error).toMatchObject({ type: 'CommitFailedException', code: 409 });
    const { body: now } = await rest.ask('GET', `${NS}/tables/t`);
    const retried = await rest.ask('POST', `${NS}/tables/t`, await rest.append(now, [file('b')]));
    expect(readMetadata(retried.body).snapshots).toHaveLength(2);
  });

  it('changes that rest on nothing of each other all land, however many come at once', async () => {
    await rest.createTable(NS, 't');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        rest.ask('POST', `${NS}/tables/t`, {
          requirements: [],
          updates: [{ action: 'set-properties', updates: { [`p${number}`]: 'x' } }],
        }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { body } = await rest.ask('GET', `${NS}/tables/t`);
    expect(Object.keys(readMetadata(body).properties)).toHaveLength(12);
    // Files of attempts that lost do not stay.
    const written: string[] = [];
    for await (const { location } of rest.ctx.io.list(readMetadata(body).location)) written.push(location);
    expect(written).toHaveLength(13);
  });

  it.each([
    ['an update that is not known', { requirements: [], updates: [{ action: 'add-magic' }] }],
    ['a requirement that is not known', { requirements: [{ type: 'assert-luck' }], updates: [] }],
    ['no updates', { requirements: [] }],
    ['a list', []],
    ['text that is no JSON', '{"requirements": [}'],
    [
      'a location outside of the storage',
      { requirements: [], updates: [{ action: 'set-location', location: 's3://other/t' }] },
    ],
  ])('answers 400 to %s', async (_, body) => {
    await rest.createTable(NS, 't');
    const { status, body: answer } = await rest.ask('POST', `${NS}/tables/t`, body);
    expect({ status, type: answer.error?.type }).toEqual({ status: 400, type: 'BadRequestException' });
  });

  it('columns that two branches add have ids of their own, and one id where they are alike', async () => {
    const base = readMetadata(await rest.createTable(NS, 't'));
    for (const name of ['one', 'two']) {
      const { hash } = await rest.ctx.catalog.getRef('main');
      await rest.ctx.catalog.createRef({ name, type: 'BRANCH', hash });
    }
    const add = async (branch: string, name: string) => {
      const { body } = await rest.ask('POST', `/${branch}/namespaces/bronze/tables/t`, {
        requirements: [{ type: 'assert-last-assigned-field-id', 'last-assigned-field-id': 2 }],
        updates: [
          {
            action: 'add-schema',
            schema: { ...SCHEMA, fields: [...SCHEMA.fields, { id: 3, name, type: 'int', required: false }] },
          },
          { action: 'set-current-schema', 'schema-id': -1 },
        ],
      });
      const answered = readMetadata(body);
      expect(answered.tableUuid).toBe(base.tableUuid);
      return currentSchema(answered).fields.at(-1)?.id;
    };
    expect([await add('main', 'x'), await add('one', 'y'), await add('two', 'x')]).toEqual([3, 4, 3]);
  });

  it('columns that two branches add along with rows have ids of their own, as each client is told where to go on', async () => {
    await rest.createTable(NS, 't');
    const { hash } = await rest.ctx.catalog.getRef('main');
    await rest.ctx.catalog.createRef({ name: 'dev', type: 'BRANCH', hash });
    const before = await rest.ask('GET', '/dev/namespaces/bronze/tables/t');
    const widen = async (branch: string, name: string, required?: number) => {
      const loaded = (await rest.ask('GET', `/${branch}/namespaces/bronze/tables/t`)).body;
      const last = readMetadata(loaded).lastColumnId;
      const field = { id: last + 1, name, type: 'int', required: false };
      const rows = (await rest.append(loaded, [file(name)])) as { requirements: object[]; updates: object[] };
      const change = {
        identifier: { namespace: ['bronze'], name: 't' },
        requirements: [
          ...rows.requirements,
          { type: 'assert-last-assigned-field-id', 'last-assigned-field-id': required ?? last },
        ],
        updates: [
          { action: 'add-schema', schema: { ...SCHEMA, fields: [...SCHEMA.fields, field] } },
          { action: 'set-current-schema', 'schema-id': -1 },
          ...rows.updates,
        ],
      };
      return (await rest.ask('POST', `/${branch}/transactions/commit`, { 'table-changes': [change] })).status;
    };
    const idsOn = async (branch: string) => {
      const { body } = await rest.ask('GET', `/${branch}/namespaces/bronze/tables/t`);
      return currentSchema(readMetadata(body)).fields.map(({ id, name }) => [name, id]);
    };
    expect(await widen('main', 'x')).toBe(204);
    const known = { 'if-none-match': before.headers.get('etag') ?? '' };
    expect((await rest.ask('GET', '/dev/namespaces/bronze/tables/t', undefined, known)).status).toBe(200);
    expect(await widen('dev', 'y', 4)).toBe(409);
    expect(await widen('dev', 'y')).toBe(204);
    expect([(await idsOn('main')).at(-1), (await idsOn('dev')).at(-1)]).toEqual([
      ['x', 3],
      ['y', 4],
    ]);
  });

  it('a snapshot whose files the server does not see is refused', async () => {
    const base = await rest.createTable(NS, 't');
    const commit = await rest.append(base, [file('a')]);
    const { updates } = commit as { updates: { snapshot?: { 'manifest-list': string } }[] };
    const list = updates.find(({ snapshot }) => snapshot !== undefined)?.snapshot?.['manifest-list'] ?? '';
    await rest.ctx.io.delete(list);
    const { body } = await rest.ask('POST', `${NS}/tables/t`, commit);
    expect(body.error).toMatchObject({ code: 400, message: expect.stringContaining(list) });
  });

  it('a table that is not there is 404, a view at its name is none', async () => {
    const { body } = await rest.ask('POST', `${NS}/tables/t`, { requirements: [], updates: [] });
    expect(body.error).toMatchObject({ type: 'NoSuchTableException', code: 404 });
  });

  it('a transaction over tables is one commit, or none where one requirement fails', async () => {
    const [a, b] = [await rest.createTable(NS, 'a'), await rest.createTable(NS, 'b')];
    const changes = async (from: RestBody, name: string) => ({
      identifier: { namespace: ['bronze'], name },
      ...(await rest.append(from, [file(name)])),
    });
    const both = { 'table-changes': [await changes(a, 'a'), await changes(b, 'b')] };
    expect((await rest.ask('POST', '/main/transactions/commit', both)).status).toBe(204);
    const [commit] = await rest.log();
    expect(commit?.message).toBe('Commit to 2 tables\n\nAppend to bronze.a\nAppend to bronze.b');

    const { body: newA } = await rest.ask('GET', `${NS}/tables/a`);
    const half = { 'table-changes': [await changes(newA, 'a'), await changes(b, 'b')] };
    const refused = await rest.ask('POST', '/main/transactions/commit', half);
    expect(refused.body.error).toMatchObject({ type: 'CommitFailedException' });
    expect((await rest.ask('GET', `${NS}/tables/a`)).body).toEqual(newA);
    const twice = { 'table-changes': [both['table-changes'][0], both['table-changes'][0]] };
    expect((await rest.ask('POST', '/main/transactions/commit', twice)).status).toBe(400);
  });
});

describe('loading', () => {
  it('answers 304 while nothing changed, and tells the two views of snapshots apart', async () => {
    const base = await rest.createTable(NS, 't');
    const one = await rest.ask('POST', `${NS}/tables/t`, await rest.append(base, [file('a')]));
    await rest.ask('POST', `${NS}/tables/t`, await rest.append(one.body, [file('b')]));
    const all = await rest.ask('GET', `${NS}/tables/t`);
    const refs = await rest.ask('GET', `${NS}/tables/t?snapshots=refs`);
    expect([all, refs].map(({ body }) => readMetadata(body).snapshots.length)).toEqual([2, 1]);
    const etag = all.headers.get('etag') ?? '';
    expect(refs.headers.get('etag')).not.toBe(etag);
    const same = await rest.ask('GET', `${NS}/tables/t`, undefined, { 'if-none-match': etag });
    expect({ status: same.status, etag: same.headers.get('etag') }).toEqual({ status: 304, etag });
    const other = await rest.ask('GET', `${NS}/tables/t?snapshots=refs`, undefined, {
      'if-none-match': etag,
    });
    expect(other.status).toBe(200);
    expect((await rest.ask('GET', `${NS}/tables/t?snapshots=some`)).status).toBe(400);
  });

  it('says where an object store is, to whoever loads or connects', async () => {
    const engineProperties = { 's3.endpoint': 'http://store:9000', 's3.region': 'eu-1' };
    Object.assign(rest.ctx, { engineProperties });
    expect((await rest.createTable(NS, 't'))['config']).toEqual(engineProperties);
    expect((await rest.ask('GET', `${NS}/tables/t`)).body['config']).toEqual(engineProperties);
    const { body } = await rest.ask('GET', '/config');
    expect(body['defaults']).toEqual({ ...engineProperties, prefix: 'main' });
  });

  it('names match exactly', async () => {
    await rest.createTable(NS, 'T');
    expect((await rest.ask('GET', `${NS}/tables/t`)).body.error?.type).toBe('NoSuchTableException');
  });
});

describe('moving about', () => {
  it('rename moves the same table, into another namespace too, and takes no name that is taken', async () => {
    const { metadata } = await rest.createTable(NS, 'a');
    await rest.createTable(NS, 'b');
    await rest.ask('POST', '/main/namespaces', { namespace: ['silver'] });
    const rename = async (source: string, namespace: string, name: string) =>
      rest.ask('POST', '/main/tables/rename', {
        source: { namespace: ['bronze'], name: source },
        destination: { namespace: [namespace], name },
      });
    expect((await rename('a', 'bronze', 'b')).body.error?.type).toBe('AlreadyExistsException');
    expect((await rename('a', 'gold', 'a')).body.error?.type).toBe('NoSuchNamespaceException');
    expect((await rename('c', 'silver', 'c')).body.error?.type).toBe('NoSuchTableException');
    expect((await rename('a', 'silver', 'c')).status).toBe(204);
    expect((await rest.ask('GET', '/main/namespaces/silver/tables/c')).body.metadata).toEqual(metadata);
    expect((await rest.ask('HEAD', `${NS}/tables/a`)).status).toBe(404);
  });

  it('drop takes a table from its branch only; its files stay as long as history has it', async () => {
    const base = await rest.createTable(NS, 't');
    const { hash } = await rest.ctx.catalog.getRef('main');
    expect((await rest.ask('DELETE', `${NS}/tables/t?purgeRequested=true`)).status).toBe(204);
    expect((await rest.ask('DELETE', `${NS}/tables/t`)).body.error?.type).toBe('NoSuchTableException');
    const before = await rest.ask('GET', `/main@${hash}/namespaces/bronze/tables/t`);
    expect(before.body.metadata).toEqual(base.metadata);
  });

  it('what was unregistered can be registered elsewhere, and over what stands when asked', async () => {
    const base = await rest.createTable(NS, 't');
    const gone = await rest.ask('POST', `${NS}/tables/t/unregister`);
    expect(gone.body).toEqual({ metadata: base.metadata, 'metadata-location': base['metadata-location'] });
    const location = gone.body['metadata-location'];
    const register = async (more: object) =>
      rest.ask('POST', `${NS}/register`, { name: 'u', 'metadata-location': location, ...more });
    expect((await register({})).body.metadata).toEqual(base.metadata);
    expect((await register({})).body.error?.type).toBe('AlreadyExistsException');
    expect((await register({ overwrite: true })).status).toBe(200);
    expect((await register({ 'metadata-location': 'file:///etc/passwd', name: 'v' })).status).toBe(400);
  });
});
