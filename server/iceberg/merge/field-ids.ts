import { indexById, walkFields, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { formatType, isPrimitive, type NestedField } from '#shared/iceberg/types.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { currentSchema } from '../metadata/lookup.ts';
import { schemaToJson } from '../metadata/schema-json.ts';
import { isSame, type TableClash } from './clash.ts';

/** Ids of columns in the files that theirs added. */
export interface CarriedIds {
  /** That files may have. */
  readonly files: ReadonlySet<number>;
  /** By which rows are deleted. */
  readonly deletes: ReadonlySet<number>;
}

export interface FieldIds {
  /** New ids of fields of theirs, whose ids ours has given to other columns. */
  readonly renumbered: ReadonlyMap<number, number>;
  /** Columns that both sides added alike, under one id, as they were at first. */
  readonly addedByBoth: ReadonlyMap<number, NestedField>;
  /** The highest id that is taken. */
  readonly lastColumnId: number;
  readonly clashes: readonly TableClash[];
}

/**
 * Brings the ids that both sides have given to new columns apart. A column of theirs whose id ours gave to another
 * one gets a new id, unless files of theirs may have the column: in files, ids stay as they are.
 *
 */
export function settleFieldIds(
  base: TableMetadata,
  ours: TableMetadata,
  theirs: TableMetadata,
  carried: CarriedIds,
): FieldIds {
  const renumbered = new Map<number, number>();
  const addedByBoth = new Map<number, NestedField>();
  const clashes: TableClash[] = [];
  let lastColumnId = Math.max(ours.lastColumnId, theirs.lastColumnId);
  const isNew = (id: number) => id > base.lastColumnId;
  const mine = firstDefinitions(ours, isNew);
  const here = new Set(idsOf(currentSchema(ours)));
  const current = new Set(idsOf(currentSchema(theirs)));
  /** Nobody reads it any more, and no column gets its id again. */
  const isGone = (id: number) => !here.has(id) && !current.has(id) && !carried.deletes.has(id);
  for (const [id, their] of firstDefinitions(theirs, isNew)) {
    const our = mine.get(id);
    if (id > ours.lastColumnId) {
      if (!current.has(id) && carried.deletes.has(id)) clashes.push(foreignClash(id, our, their));
    } else if (isGone(id)) {
      continue;
    } else if (our !== undefined && isSameColumn(our, their)) {
      if (here.has(id) === current.has(id)) addedByBoth.set(id, their.field);
      else clashes.push(droppedClash(id, their, here.has(id)));
    } else if (carried.files.has(id)) {
      clashes.push(idClash(id, our, their));
    } else if (current.has(id)) {
      lastColumnId += 1;
      renumbered.set(id, lastColumnId);
    }
  }
  clashes.push(...foreignIds(base, ours, theirs, (id) => carried.files.has(id) && !isGone(id)));
  return { renumbered, addedByBoth, lastColumnId, clashes };
}

/**
 * Ids as old as the base that ours knows as other columns, or not at all: an earlier merge renumbered a column, or the
 * base is of another branch. What theirs did with such a column can't be done to ours by its id.
 */
function foreignIds(
  base: TableMetadata,
  ours: TableMetadata,
  theirs: TableMetadata,
  isCarried: (id: number) => boolean,
): readonly TableClash[] {
  const isOld = (id: number) => id <= base.lastColumnId;
  const mine = firstDefinitions(ours, isOld);
  const [mineEver, theirsEver, baseEver] = [ours, theirs, base].map(everDefined);
  const [was, now] = [base, theirs].map((side) => indexById(currentSchema(side)));
  const sourced = newSources(base, theirs);
  return [...firstDefinitions(theirs, isOld)].flatMap(([id, their]) => {
    const our = mine.get(id);
    const isChanged = !isSame(jsonAt(was, id), jsonAt(now, id));
    const drops = our === undefined && !now?.has(id);
    if (!isCarried(id) && (drops || !isChanged) && !sourced.has(id)) return [];
    if (our !== undefined) {
      const [first, other] = [shapeOf(our), shapeOf(their)];
      if (first === other) return [];
      // A merge brings a column as it is by then: what is the first of it on one side has been there on the other.
      const isShared = (shape: string) =>
        [mineEver, theirsEver, baseEver].every((ever) => ever?.get(id)?.has(shape) === true);
      if (isShared(first) || isShared(other)) return [];
    }
    return [foreignClash(id, our, their)];
  });
}

/** Every look that a field has had, by id. */
function everDefined({ schemas }: TableMetadata): ReadonlyMap<number, ReadonlySet<string>> {
  const looks = new Map<number, Set<string>>();
  for (const schema of schemas)
    for (const [id, located] of indexById(schema))
      looks.set(id, (looks.get(id) ?? new Set()).add(shapeOf(located)));
  return looks;
}

/** Where a field is and of which type; of a nested type, what is inside has ids of its own. */
function shapeOf({ path, field: { type } }: LocatedField): string {
  return stringifyJson([path, isPrimitive(type) ? formatType(type) : type.type]);
}

function jsonAt(fields: ReadonlyMap<number, LocatedField> | undefined, id: number): unknown {
  const found = fields?.get(id);
  return found === undefined ? undefined : fieldJson(found.field);
}

/** Columns by which theirs partitions or sorts and the base did not. */
function newSources(base: TableMetadata, theirs: TableMetadata): ReadonlySet<number> {
  const sources = ({ partitionSpecs, sortOrders }: TableMetadata) =>
    [...partitionSpecs, ...sortOrders].flatMap(({ fields }) => fields.map(({ sourceId }) => sourceId));
  const before = new Set(sources(base));
  return new Set(sources(theirs).filter((id) => !before.has(id)));
}

/** Fields as they were at first, dropped ones too: files may still have those. */
function firstDefinitions(
  { schemas }: TableMetadata,
  isWanted: (id: number) => boolean,
): ReadonlyMap<number, LocatedField> {
  const found = new Map<number, LocatedField>();
  for (const schema of schemas.toSorted((a, b) => a.schemaId - b.schemaId))
    for (const [id, located] of indexById(schema)) if (isWanted(id) && !found.has(id)) found.set(id, located);
  return found;
}

function idsOf(schema: Schema): readonly number[] {
  return [...walkFields(schema)].map(({ field }) => field.id);
}

function isSameColumn(a: LocatedField, b: LocatedField): boolean {
  return isSame(a.path, b.path) && isSame(fieldJson(a.field), fieldJson(b.field));
}

/** In one order of members. */
export function fieldJson(field: NestedField): unknown {
  return schemaToJson({ schemaId: 0, fields: [field], identifierFieldIds: [] });
}

function foreignClash(id: number, ours: LocatedField | undefined, theirs: LocatedField): TableClash {
  const [mine, other] = [ours?.path.join('.'), theirs.path.join('.')];
  const here = mine === undefined ? 'which no column of ours has had' : `which is '${mine}' in ours`;
  return {
    kind: 'SCHEMA_CLASH',
    message: `Theirs changed the column '${other}', or rows with it, under the field id ${id}, ${here}. Bring these rows over with INSERT … SELECT, which goes by names.`,
    detail: { what: 'field id', fieldId: id, ours: mine ?? null, theirs: other },
  };
}

function droppedClash(id: number, { path }: LocatedField, isOurs: boolean): TableClash {
  const column = path.join('.');
  const [kept, dropped] = isOurs ? ['ours', 'theirs'] : ['theirs', 'ours'];
  return {
    kind: 'SCHEMA_CLASH',
    message: `Both sides added the column '${column}', and ${dropped} dropped it again, which would take the values that ${kept} has in it.`,
    detail: { what: 'dropped', fieldId: id, column, [kept]: column, [dropped]: null },
  };
}

function idClash(id: number, ours: LocatedField | undefined, theirs: LocatedField): TableClash {
  const [mine, other] = [ours?.path.join('.'), theirs.path.join('.')];
  return {
    kind: 'SCHEMA_CLASH',
    message:
      mine === undefined
        ? `The field id ${id}, which theirs gave to the new column '${other}', has been used by ours, and files of theirs have that column already.`
        : `Both sides gave the field id ${id} to a new column: ours to '${mine}', theirs to '${other}'; and files of theirs have that column already. Add one of the two columns before the branches part, or write theirs' files again.`,
    detail: { what: 'field id', fieldId: id, ours: mine ?? null, theirs: other },
  };
}
