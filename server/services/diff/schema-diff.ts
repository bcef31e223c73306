import type { SchemaDiff } from '#shared/contract/diff.ts';
import { indexById, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import { formatType, isPrimitive } from '#shared/iceberg/types.ts';
import { present } from '#shared/util/present.ts';
import { stringifyJson } from '#shared/util/json.ts';

type Column = SchemaDiff['added'][number];

/** Columns by field id, at any depth; a nested column changes where its own name, type or so does, not its parts. */
export function diffSchemas(before: Schema | null, after: Schema | null): SchemaDiff {
  const [was, now] = [columnsOf(before), columnsOf(after)];
  const added = [...now].flatMap(([id, located]) => (was.has(id) ? [] : [describe(located)]));
  const removed = [...was].flatMap(([id, located]) => (now.has(id) ? [] : [describe(located)]));
  const changed = [...was].flatMap(([id, located]) => {
    const other = now.get(id);
    if (other === undefined || stringifyJson(shape(located)) === stringifyJson(shape(other))) return [];
    return [{ before: describe(located), after: describe(other) }];
  });
  return { added, removed, changed };
}

function columnsOf(schema: Schema | null): ReadonlyMap<number, LocatedField> {
  return schema === null ? new Map() : indexById(schema);
}

function describe({ field, path }: LocatedField): Column {
  const { type, required, doc } = field;
  return present({ name: path.join('.'), type: formatType(type), required, doc });
}

function shape({ field, path }: LocatedField): unknown {
  const { type, name, required, doc, initialDefault, writeDefault } = field;
  const kind = isPrimitive(type) ? type : type.type;
  return [path.length, name, kind, required, doc ?? null, initialDefault ?? null, writeDefault ?? null];
}
