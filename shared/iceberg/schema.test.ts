import { describe, expect, it } from 'vitest';
import { schemaFromColumns } from './duckdb-types.ts';
import { findFieldByName, indexById, walkFields } from './schema.ts';

const schema = schemaFromColumns([
  { name: 'id', sqlType: 'BIGINT', required: true },
  { name: 'Place', sqlType: 'STRUCT("x y" DOUBLE, tags VARCHAR[])' },
  { name: 'counts', sqlType: 'MAP(VARCHAR, STRUCT(n INTEGER))' },
]);

describe('assignFreshIds', () => {
  it('gives ids a level at a time, as other writers do', () => {
    const ids = [...walkFields(schema)].map(({ path, field }) => `${path.join('.')}=${field.id}`);
    expect(ids).toEqual([
      'id=1',
      'Place=2',
      'Place.x y=4',
      'Place.tags=5',
      'Place.tags.element=6',
      'counts=3',
      'counts.key=7',
      'counts.value=8',
      'counts.value.n=9',
    ]);
  });

  it('refuses names that DuckDB could not tell apart', () => {
    const twice = () =>
      schemaFromColumns([
        { name: 'Id', sqlType: 'INT' },
        { name: 'iD', sqlType: 'INT' },
      ]);
    expect(twice).toThrow("Two columns are named 'Id' and 'iD'");
    expect(() => schemaFromColumns([{ name: '', sqlType: 'INT' }])).toThrow('empty name');
  });
});

describe('lookups', () => {
  it('finds by name ignoring case, an exact match first', () => {
    expect(findFieldByName(schema, 'PLACE')?.id).toBe(2);
    expect(findFieldByName(schema, ['place', 'X Y'])?.id).toBe(4);
    expect(findFieldByName(schema, 'nowhere')).toBeUndefined();
    const foreign = {
      fields: [
        { id: 1, name: 'a', required: false, type: 'int' },
        { id: 2, name: 'A', required: false, type: 'int' },
      ],
    };
    expect(findFieldByName(foreign, 'A')?.id).toBe(2);
  });

  it('knows what is repeated', () => {
    const byId = indexById(schema);
    expect([4, 6, 9].map((id) => byId.get(id)?.repeated)).toEqual([false, true, true]);
  });
});
