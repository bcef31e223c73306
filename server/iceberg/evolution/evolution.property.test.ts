import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { indexById, walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { createTableMetadata } from '../metadata/create.ts';
import { currentSchema, defaultSpec } from '../metadata/lookup.ts';
import {
  nameMappingOf,
  nameMappingToText,
  NAME_MAPPING_PROPERTY,
  parseNameMapping,
  type MappedField,
} from '../metadata/name-mapping.ts';
import { parseTableMetadata } from '../metadata/parse.ts';
import { assertRequirements } from '../metadata/requirements.ts';
import { serializeTableMetadata } from '../metadata/serialize.ts';
import { evolveSchema, type SchemaEvolution } from './evolve-schema.ts';
import { evolveSpec } from './evolve-spec.ts';
import { unionByName } from './union-by-name.ts';

const NAMES = ['a', 'b', 'c', 'd', 'A'];
const name = fc.constantFrom(...NAMES);
const type: fc.Arbitrary<IcebergType> = fc.constantFrom<IcebergType[]>(
  'int',
  'long',
  'decimal(5, 2)',
  'decimal(8, 2)',
  'date',
  'timestamp',
  'string',
  {
    type: 'struct',
    fields: [
      { id: 1, name: 'x', required: false, type: 'int' },
      { id: 2, name: 'y', required: false, type: 'date' },
    ],
  },
  {
    type: 'list',
    elementId: 1,
    elementRequired: false,
    element: { type: 'struct', fields: [{ id: 1, name: 'x', required: false, type: 'float' }] },
  },
);
const path = fc.oneof(
  name.map((column) => [column]),
  fc.tuple(name, fc.constantFrom('x', 'y', 'z')).map((parts) => [...parts]),
  fc.tuple(name, fc.constant('element'), fc.constantFrom('x', 'y', 'z')).map((parts) => [...parts]),
);

type Step = (evolution: SchemaEvolution) => unknown;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(path, type).map(([at, type]): Step => (e) => {
    const [name = 'a'] = at.slice(-1);
    const parent = at.slice(0, -1);
    e.addColumn({ name, type, ...(parent.length === 0 ? {} : { parent }) });
  }),
  path.map(
    (at): Step =>
      (e) =>
        e.dropColumn(at),
  ),
  fc.tuple(path, name).map(
    ([at, to]): Step =>
      (e) =>
        e.renameColumn(at, to),
  ),
  fc.tuple(path, type).map(
    ([at, type]): Step =>
      (e) =>
        e.updateType(at, type),
  ),
  fc.tuple(path, name).map(
    ([at, after]): Step =>
      (e) =>
        e.moveColumn(at, { after }),
  ),
  path.map(
    (at): Step =>
      (e) =>
        e.moveColumn(at, 'first'),
  ),
  fc.array(fc.record({ id: fc.constant(0), name, required: fc.constant(false), type }), { maxLength: 3 }).map(
    (fields): Step =>
      (e) =>
        unionByName(e, fields),
  ),
);
/** Each list is one commit. */
const history = fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 });

/** What a file holds: for each field id that its schema had, a mark that no other field ever has. */
type File = ReadonlyMap<number, string>;

it('ids are never used twice, and every file reads by id as it was written', () => {
  fc.assert(
    fc.property(history, fc.constantFrom<FormatVersion[]>(1, 2, 3), (commits, formatVersion) => {
      const schema = schemaFromColumns([
        { name: 'a', sqlType: 'INTEGER' },
        { name: 'b', sqlType: 'STRUCT(x INTEGER, y DATE)' },
      ]);
      let metadata = createTableMetadata({
        location: 'file:///w/t',
        schema,
        formatVersion,
        properties: { [NAME_MAPPING_PROPERTY]: nameMappingToText(nameMappingOf(schema.fields)) },
      });
      // The model: a mark for each field, given when it comes up and never again.
      const marks = new Map<number, string>();
      const dead = new Set<number>();
      const files: File[] = [];
      const note = (schema: Schema) => {
        const ids = new Set([...walkFields(schema)].map(({ field }) => field.id));
        for (const id of marks.keys()) if (!ids.has(id)) dead.add(id);
        for (const id of ids) {
          // A field that was dropped never comes back under its id.
          expect(dead.has(id)).toBe(false);
          if (!marks.has(id)) marks.set(id, `mark ${marks.size}`);
        }
        files.push(new Map([...ids].map((id) => [id, marks.get(id) ?? ''])));
      };
      note(currentSchema(metadata));
      for (const steps of commits) {
        const before = metadata;
        metadata = commit(metadata, steps);
        const schema = currentSchema(metadata);
        const added = [...walkFields(schema)].map(({ field }) => field.id).filter((id) => !marks.has(id));
        for (const id of added) expect(id).toBeGreaterThan(before.lastColumnId);
        expect(metadata.lastColumnId).toBeGreaterThanOrEqual(before.lastColumnId);
        note(schema);
        for (const file of files)
          for (const [id, mark] of file) if (indexById(schema).has(id)) expect(mark).toBe(marks.get(id));
        expectWhole(schema);
        expectMapped(metadata);
        expect(parseTableMetadata(serializeTableMetadata(metadata), 'x')).toEqual(metadata);
      }
      // Time travel: each schema that ever was is still there under its id.
      expect(new Set(metadata.schemas.map((s) => s.schemaId)).size).toBe(metadata.schemas.length);
    }),
    { numRuns: 200 },
  );
});

/** Steps that do not fit are refused and leave what was done before them. */
function commit(metadata: TableMetadata, steps: readonly Step[]): TableMetadata {
  const evolution = evolveSchema(metadata);
  for (const step of steps) {
    const before = evolution.schema;
    try {
      step(evolution);
    } catch (error) {
      if (!isAppError(error)) throw error;
      expect(error.context).not.toEqual({});
      // A union may have taken some columns before the one that it refuses.
      if (evolution.schema.fields.length === before.fields.length && error.code !== 'SCHEMA_MISMATCH')
        expect(evolution.schema).toEqual(before);
    }
  }
  const { updates, requirements } = evolution.change();
  assertRequirements(metadata, requirements);
  return applyUpdates(metadata, updates, { metadataLocation: null });
}

function expectWhole(schema: Schema): void {
  expect(schema.fields.length).toBeGreaterThan(0);
  const seen = new Set<string>();
  for (const { path, field } of walkFields(schema)) {
    const key = path.join('/').toLowerCase();
    expect(seen.has(key)).toBe(false);
    seen.add(key);
    if (!isPrimitive(field.type) && field.type.type === 'struct')
      expect(field.type.fields.length).toBeGreaterThan(0);
  }
}

/** In files without ids, a name that is a column's now must be that column's and nobody else's. */
function expectMapped(metadata: TableMetadata): void {
  const mapping = parseNameMapping(metadata.properties[NAME_MAPPING_PROPERTY] ?? '[]');
  const check = (mapped: readonly MappedField[]) => {
    const names = mapped.flatMap((field) => field.names);
    expect(new Set(names).size).toBe(names.length);
    for (const field of mapped) check(field.fields ?? []);
  };
  check(mapping);
  const top = new Map(mapping.flatMap((field) => field.names.map((name) => [name, field.fieldId])));
  for (const field of currentSchema(metadata).fields) expect(top.get(field.name)).toBe(field.id);
}

const TRANSFORMS = ['identity', 'bucket[4]', 'bucket[8]', 'truncate[2]', 'year', 'month', 'day', 'hour'];

it('partition fields keep their ids over any evolution, and no id means two things', () => {
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      source: fc.constantFrom('n', 's', 't'),
      transform: fc.constantFrom(...TRANSFORMS),
    }),
    fc.record({ kind: fc.constant('remove' as const), index: fc.nat(3) }),
    fc.record({ kind: fc.constant('rename' as const), index: fc.nat(3), to: fc.constantFrom('p', 'q', 'n') }),
  );
  const schema = schemaFromColumns([
    { name: 'n', sqlType: 'BIGINT' },
    { name: 's', sqlType: 'VARCHAR' },
    { name: 't', sqlType: 'TIMESTAMP' },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 10 }),
      fc.constantFrom<FormatVersion[]>(1, 2),
      (commits, formatVersion) => {
        let metadata = createTableMetadata({ location: 'file:///w/t', schema, formatVersion });
        const meaning = new Map<number, string>();
        for (const steps of commits) {
          const evolution = evolveSpec(metadata);
          for (const step of steps) {
            const live = evolution.fields.filter((field) => field.transform !== 'void');
            try {
              if (step.kind === 'add') evolution.addField(step);
              else if (step.kind === 'remove') evolution.removeField(live[step.index]?.name ?? 'none');
              else evolution.renameField(live[step.index]?.name ?? 'none', step.to);
            } catch (error) {
              if (!isAppError(error, 'INVALID_INPUT')) throw error;
            }
          }
          metadata = applyUpdates(metadata, evolution.change().updates, { metadataLocation: null });
          const { fields } = defaultSpec(metadata);
          expect(fields.map(({ name }) => name)).toEqual(evolution.fields.map(({ name }) => name));
          expect(new Set(fields.map((field) => field.fieldId)).size).toBe(fields.length);
          expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
          for (const { fieldId, sourceId, transform } of fields) {
            expect(fieldId).toBeLessThanOrEqual(metadata.lastPartitionId);
            if (transform === 'void') continue;
            const known = meaning.get(fieldId);
            if (known !== undefined) expect(`${sourceId} ${transform}`).toBe(known);
            meaning.set(fieldId, `${sourceId} ${transform}`);
          }
          if (formatVersion === 1)
            expect(fields.map((field) => field.fieldId)).toEqual(fields.map((_, index) => 1000 + index));
        }
      },
    ),
    { numRuns: 300 },
  );
});
