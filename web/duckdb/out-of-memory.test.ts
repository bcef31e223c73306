// @vitest-environment node
import { beforeAll, expect, it } from 'vitest';
import { serverMayDoBetter, tabError } from './tab-error.ts';
import { openNodeEngine, type NodeEngine } from './testing/node-engine.ts';

let engine: NodeEngine;
beforeAll(async () => {
  engine = await openNodeEngine();
  engine.run("SET memory_limit = '40MiB'");
});

const read = async (sql: string) => {
  for await (const piece of engine.stream(sql)) expect(piece).toBeDefined();
};

it.each([
  ['a sort', 'SELECT i, repeat(hash(i)::VARCHAR, 20) AS s FROM range(400000) t(i) ORDER BY s DESC'],
  ['groups', 'SELECT hash(i) AS h, list(i) FROM range(2000000) t(i) GROUP BY h'],
  ['a join', 'SELECT max(a.i) FROM range(3000000) a(i) JOIN range(3000000) b(i) ON hash(a.i) = hash(b.i)'],
  ['one value', 'SELECT length(string_agg(repeat(i::VARCHAR, 1000), chr(44))) FROM range(100000) t(i)'],
])('%s beyond the memory of the tab ends in a sentence, and the next query answers', async (_name, sql) => {
  const failure: unknown = await read(sql).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).not.toBeNull();
  expect(tabError(failure)).toMatchObject({
    code: 'OUT_OF_MEMORY',
    message:
      'The query needs more memory than the tab has. Run it on the server, or read fewer columns or rows.',
  });
  expect(serverMayDoBetter(failure)).toBe(true);
  expect(engine.rows('SELECT sum(i)::INTEGER AS n FROM range(1000) t(i)')).toEqual([{ n: 499500 }]);
});
