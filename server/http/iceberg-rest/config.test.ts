import { expect, it } from 'vitest';
import { ENDPOINTS, SIGNING_ENDPOINT } from '../../services/iceberg-catalog/index.ts';
import { RestDocument } from '#server/testing/rest-document.ts';
import { RestCatalog } from '#server/testing/rest-catalog.ts';

/** Operations of the protocol that this server does not have. */
const ABSENT = [
  'GET /v1/config',
  'POST /v1/oauth/tokens',
  'GET /v1/{prefix}/namespaces/{namespace}/functions',
  'GET /v1/{prefix}/namespaces/{namespace}/functions/{function}',
  'GET /v1/{prefix}/namespaces/{namespace}/tables/{table}/credentials',
];

it('lists the operations of the protocol that it has, and no other', () => {
  const operations = new RestDocument().operations.filter((operation) => !ABSENT.includes(operation));
  expect([...ENDPOINTS, SIGNING_ENDPOINT].toSorted()).toEqual(operations.toSorted());
});

it('has every endpoint that it lists', async () => {
  const rest = await RestCatalog.open();
  for (const endpoint of ENDPOINTS) {
    const [method = '', template = ''] = endpoint.split(' ');
    const path = template.replace('/v1/{prefix}', '/main').replace(/\{[^}]+\}/g, 'x');
    const { body } = await rest.ask(method, path, method === 'POST' ? {} : undefined);
    expect(body.error?.message ?? '').not.toContain('in this catalog; /iceberg/v1/config');
  }
});
