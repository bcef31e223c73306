import { expect, it } from 'vitest';
import type { CellValue } from '#web/lib/result-table.ts';
import { valueTree, type ValueNode } from './value-nodes.ts';

function at(node: ValueNode | null, ...labels: string[]): ValueNode {
  if (node === null) throw new Error('There is no tree.');
  const [label, ...rest] = labels;
  if (label === undefined) return node;
  for (let part = 0; part < (node.count ?? 0); part++)
    if (node.part(part).label === label) return at(node.part(part), ...rest);
  throw new Error(`There is no ${label} in ${node.text}.`);
}
const tree = (type: string, value: CellValue) => valueTree({ name: 'v', type }, value);

it('says of each part of a nested value how SQL names it', () => {
  const root = tree('STRUCT(a INTEGER[], "b c" MAP(VARCHAR, STRUCT(x DECIMAL(9,2))), d MAP(DATE, BOOLEAN))', {
    a: [1, null, 3],
    'b c': [['it’s', { x: '12345.60' }]],
    d: [[0, true]],
  });
  expect(root).toMatchObject({ count: 3, path: '"v"' });
  expect(at(root, 'a', '[3]')).toMatchObject({ path: '"v".a[3]', text: '3', count: null });
  expect(at(root, 'a', '[2]')).toMatchObject({ isNull: true });
  const x = at(root, 'b c', 'it’s', 'x');
  expect(x).toMatchObject({ path: `"v"."b c"['it’s'].x`, text: '12,345.60' });
  expect(x.plain()).toBe('12345.60');
  expect(at(root, 'd', '1970-01-01').path).toBe('map_values("v".d)[1]');
  expect(at(root, 'b c').plain()).toBe('{"it’s": {"x": 12345.60}}');
});

it('opens JSON, and text that is JSON, with paths that the engine takes', () => {
  const text = '{"user": {"first name": "Ada", "tags": ["x", {"deep": null}]}, "n": 1.5}';
  const root = tree('JSON', text);
  expect(root?.plain()).toBe(text);
  expect(at(root, 'user', 'first name')).toMatchObject({
    path: `("v"->>'$.user."first name"')`,
    text: 'Ada',
  });
  expect(at(root, 'user', 'tags').path).toBe(`("v"->'$.user.tags')`);
  expect(at(root, 'user', 'tags', '[1]', 'deep')).toMatchObject({
    path: `("v"->>'$.user.tags[1].deep')`,
    isNull: true,
  });
  expect(at(tree('VARCHAR', text), 'n').path).toBe(`("v"::JSON->>'$.n')`);
  expect(at(tree('STRUCT(j JSON)', { j: '[true]' }), 'j', '[0]').path).toBe(`("v".j->>'$[0]')`);
});

it('has no tree of what has no parts, and of what only looks like JSON', () => {
  expect(tree('INTEGER', 3)).toBeNull();
  expect(tree('VARCHAR', '{not json')).toBeNull();
  expect(tree('VARCHAR', '12')).toBeNull();
  expect(tree('BLOB', new Uint8Array([1]))).toBeNull();
  expect(tree('INTEGER[]', null)).toBeNull();
  expect(tree('INTEGER[]', [])?.count).toBe(0);
});

it('makes parts only when they are asked for', () => {
  const root = tree(
    'INTEGER[]',
    Array.from({ length: 1_000_000 }, (_, each) => each),
  );
  expect(root?.text.length).toBeLessThan(200);
  expect(root?.part(999_999)).toMatchObject({ label: '[1000000]', text: '999,999' });
});
