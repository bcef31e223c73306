import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { saveNotebookRequest } from '#shared/contract/notebooks.ts';
import { queryRequest } from '#shared/contract/query.ts';
import { logQuery } from '#shared/contract/refs.ts';
import { renderError } from './error-renderer.ts';
import { answers, apiRouter, body } from './routes/api.ts';

const responses = answers(z.object({}), 'nothing');
const routes = apiRouter()
  .openapi(
    createRoute({ method: 'post', path: '/query', request: { body: body(queryRequest) }, responses }),
    (c) => c.json({}, 200),
  )
  .openapi(
    createRoute({
      method: 'put',
      path: '/notebook',
      request: { body: body(saveNotebookRequest) },
      responses,
    }),
    (c) => c.json({}, 200),
  )
  .openapi(
    createRoute({
      method: 'get',
      path: '/log/{page}',
      request: { params: z.object({ page: z.coerce.number() }), query: logQuery },
      responses,
    }),
    (c) => c.json({}, 200),
  );
const app = new OpenAPIHono();
app.onError((error, c) => renderError(error, c, pino({ level: 'silent' })));
app.route('/', routes);
app.get('/data/*', (c) => c.text(decodeURIComponent(c.req.path)));

async function refusal(path: string, init: RequestInit = {}) {
  const answer = await app.request(path, init);
  const { error } = (await answer.json()) as { error: { code: string; message: string; context: object } };
  expect({ status: answer.status, code: error.code }).toEqual({ status: 400, code: 'INVALID_INPUT' });
  return error;
}

const json = { 'content-type': 'application/json' };
const post = (text: string, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body: text,
  headers,
});

describe('a request that does not fit is answered with a sentence that names the field', () => {
  it.each<[string, string]>([
    ['{"sql":""}', '"sql" must not be empty.'],
    ['{}', '"sql" is missing; it is text.'],
    ['{"sql":null}', '"sql" must be text, not null.'],
    ['{"sql":1,"limit":-1}', '"sql" must be text, not 1; "limit" must be at least 0.'],
    ['{"sql":"x","limit":1.5}', '"limit" must be a whole number, not 1.5.'],
    ['{"sql":"x","limit":"7"}', '"limit" must be a number, not "7".'],
    ['{"sql":"x","limit":10000001}', '"limit" must be at most 10,000,000.'],
    [
      '{"sql":"x","engine":"abacus"}',
      '"engine" must be one of auto, browser, server, cluster, not "abacus".',
    ],
    ['{"sql":"x","ref":""}', '"ref" must not be empty.'],
    [
      '{"sql":"x","lmit":5}',
      '"lmit" is not known here: check how it is written; /openapi.json has the fields that there are.',
    ],
    [`{"sql":"${'x'.repeat(1_048_577)}"}`, '"sql" must have at most 1,048,576 characters.'],
    ['[]', "The request's body must be an object, not a list."],
    ['"x"', 'The request\'s body must be an object, not "x".'],
    ['', 'The request\'s body is empty; send JSON, such as {"sql": "SELECT 1"}.'],
  ])('%.60s', async (text, message) => {
    expect((await refusal('/query', post(text))).message).toBe(message);
  });

  it('with the same for programs', async () => {
    expect((await refusal('/query', post('{"sql":""}'))).context).toEqual({
      in: 'body',
      problems: [{ field: 'sql', problem: 'must not be empty' }],
    });
  });

  it('wherever in the body it is', async () => {
    const cells = [
      { id: '1', kind: 'sql' },
      { kind: 'poem' },
      { id: '3', kind: 'sql', source: '', view: 'map' },
    ];
    const text = JSON.stringify({ title: 'a', cells, version: 1.5 });
    const { message } = await refusal('/notebook', { method: 'PUT', body: text, headers: json });
    expect(message).toContain('"cells[0].source" is missing; it is text');
    expect(message).toMatch(/"cells\[1\]\.kind" /);
    expect(message).toContain('"cells[2].view" must be one of grid, chart, not "map"');
    expect(message).toContain('"version" must be a whole number, not 1.5');
  });

  it('in the address too', async () => {
    expect((await refusal('/log/1?limit=0')).message).toBe('The query parameter "limit" must be at least 1.');
    expect((await refusal('/log/1?limit=many')).message).toBe(
      'The query parameter "limit" must be a number, not "many".',
    );
    expect((await refusal('/log/first')).message).toBe(
      '"page" in the address must be a number, not "first".',
    );
    expect((await refusal('/data/100%')).message).toMatch(/has a "%"/);
  });
});

describe('a body that is no JSON', () => {
  it('is told where it breaks', async () => {
    expect((await refusal('/query', post('{"sql": SELECT 1}'))).message).toMatch(
      /^The request's body is not JSON: Unexpected token .*\.$/,
    );
  });

  it('or that it has to be sent as such', async () => {
    for (const headers of [{}, { 'content-type': 'text/plain' }])
      expect((await refusal('/query', post('{"sql":"SELECT 1"}', headers))).message).toMatch(
        /^The request's body is sent as text\/plain.*; send the header content-type: application\/json\.$/,
      );
  });
});
