import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringifyJson } from '#shared/util/json.ts';
import { JsonElements } from './json-elements.ts';
import { readJson } from './read-json.ts';

async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

async function read(text: string) {
  let columns: Record<string, string> = {};
  const rows: unknown[] = [];
  for await (const piece of readJson(() => pieces(text))) {
    if (piece.kind === 'columns')
      columns = Object.fromEntries(piece.names.map((name, at) => [name, piece.types?.[at] ?? '']));
    else
      for (const row of tableFromIPC(piece.ipc).toArray())
        rows.push(Object.values(JSON.parse(stringifyJson(row)) as object));
  }
  return { columns, rows };
}

it('finds the type that all values of a name have in common', async () => {
  const { columns } = await read(`
    {"whole": 1, "real": 1, "day": "2024-02-29", "time": "2024-02-29", "word": "2024-02-29", "any": 1, "no": null}
    {"whole": 9007199254740993, "real": 1.5, "day": "2024-03-01", "time": "2024-03-01T10:00:00", "word": "soon", "any": "x",
     "nested": {"a": [1, 2.5], "b": null}, "flag": true}
    {"nested": {"c": "2024-01-01"}, "empty": {}, "list": []}`);
  expect(columns).toEqual({
    whole: 'BIGINT',
    real: 'DOUBLE',
    day: 'DATE',
    time: 'TIMESTAMP',
    word: 'VARCHAR',
    any: 'VARCHAR',
    no: 'VARCHAR',
    nested: 'STRUCT("a" DOUBLE[], "b" VARCHAR, "c" VARCHAR)',
    flag: 'BOOLEAN',
    empty: 'VARCHAR',
    list: 'VARCHAR[]',
  });
});

it('takes arrays, lines and single values for rows', async () => {
  const expected = { columns: { a: 'BIGINT' }, rows: [[1], [2]] };
  expect(await read('[{"a": 1}, {"a": 2}]')).toEqual(expected);
  expect(await read('{"a": 1}\n{"a": 2}\n')).toEqual(expected);
  expect(await read('[1,"x",[3]]')).toEqual({ columns: { value: 'VARCHAR' }, rows: [['1'], ['x'], ['[3]']] });
});

it('says in which line it stops to be JSON', async () => {
  await expect(read('[{"a": 1},\n\n{"a": }]')).rejects.toMatchObject({
    code: 'CORRUPT_FILE',
    context: { line: 3 },
  });
  await expect(read('{"a": 1}\n{"a": "cut')).rejects.toMatchObject({ context: { line: 2 } });
  await expect(read('[{"a": 1}')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  await expect(read(' \n')).rejects.toMatchObject({ message: 'has no values' });
});

it('takes a text apart as JSON does, however it comes', () => {
  const values = fc.array(
    fc.jsonValue().filter((value) => typeof value !== 'number'),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), fc.boolean(), (given, size, asArray) => {
      // As text has them: -0 is 0 there.
      const list = JSON.parse(JSON.stringify(given)) as unknown[];
      const texts = list.map((value) => JSON.stringify(value, null, 1));
      const text = asArray
        ? JSON.stringify(list)
        : Array.isArray(list[0])
          ? `null\n${texts.join('\n')}`
          : texts.join('\n');
      const elements = new JsonElements();
      const found: unknown[] = [];
      for (let at = 0; at < text.length; at += size)
        for (const element of elements.push(text.slice(at, at + size))) found.push(JSON.parse(element.text));
      for (const element of elements.finish()) found.push(JSON.parse(element.text));
      expect(found).toEqual(!asArray && Array.isArray(list[0]) ? [null, ...list] : list);
    }),
  );
});
