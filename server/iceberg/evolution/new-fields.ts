import { childFields } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { formatType, isPrimitive, type NestedField } from '#shared/iceberg/types.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { Renumbering } from './renumber-fields.ts';

/** A field that a change adds to a table. */
export interface NewField {
  readonly id: number;
  /** The field that it is in; 0: the table. */
  readonly parentId: number;
  /** What the field is like, but for ids: two that agree in it and in their parent may be one field. */
  readonly looks: string;
}

/** A field that the versions of a table have on any branch. */
export interface TakenId {
  readonly id: number;
  /** Parent and looks, as definitionOf gives them. */
  readonly definition: string;
}

/** Fields with ids above the table's last, parents before what is inside them, as they are when they first come. */
export function newFieldsOf(metadata: TableMetadata, updates: readonly TableUpdate[]): readonly NewField[] {
  const found = new Map<number, NewField>();
  const visit = (fields: readonly NestedField[], parentId: number, path: readonly string[]) => {
    for (const field of fields) {
      const here = [...path, field.name];
      if (field.id > metadata.lastColumnId && !found.has(field.id)) {
        const { required, doc, initialDefault, writeDefault, type } = field;
        const shape = isPrimitive(type) ? formatType(type) : type.type;
        const looks = stringifyJson([here, shape, required, doc, initialDefault, writeDefault]);
        found.set(field.id, { id: field.id, parentId, looks });
      }
      visit(childFields(field.type), field.id, here);
    }
  };
  for (const update of updates) if (update.action === 'add-schema') visit(update.schema.fields, 0, []);
  return [...found.values()];
}

export interface Allotment {
  /** From the ids that the change gives to those that the fields are to have; of every new field. */
  readonly renumbered: Renumbering;
  /** What nobody had taken before. */
  readonly taken: readonly TakenId[];
}

/**
 * Ids for new fields by which versions of a table on different branches never mean two things by one id, so that
 * they can be merged with their data files as they are. What another branch has added alike has one id on both.
 *
 * @param last the highest id that this version of the table has ever given
 * @param known what all versions have taken above that
 */
export function allotFieldIds(
  last: number,
  fields: readonly NewField[],
  known: readonly TakenId[],
): Allotment {
  const free = new Map<string, number[]>();
  for (const { id, definition } of known.toSorted((a, b) => b.id - a.id)) {
    if (id > last) free.set(definition, [...(free.get(definition) ?? []), id]);
  }
  const renumbered = new Map<number, number>();
  const taken: TakenId[] = [];
  let next = known.reduce((highest, { id }) => Math.max(highest, id), last) + 1;
  for (const { id, parentId, looks } of fields) {
    const definition = definitionOf(renumbered.get(parentId) ?? parentId, looks);
    const shared = free.get(definition)?.pop();
    if (shared === undefined) taken.push({ id: next, definition });
    renumbered.set(id, shared ?? next++);
  }
  return { renumbered, taken };
}

export function definitionOf(parentId: number, looks: string): string {
  return `${parentId}:${looks}`;
}
