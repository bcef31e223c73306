import type { Schema } from '#shared/iceberg/schema.ts';
import { walkFields } from '#shared/iceberg/schema.ts';
import { formatType, isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { present } from '#shared/util/present.ts';
import { isSame, threeWay, type TableClash } from './clash.ts';
import { fieldJson } from './field-ids.ts';
import { mergeOrder } from './merge-order.ts';

export interface SchemasToMerge {
  readonly base: Schema;
  readonly ours: Schema;
  /** With ids that mean the same as in ours. */
  readonly theirs: Schema;
  readonly addedByBoth: ReadonlyMap<number, NestedField>;
  /** Whether a side has added rows since the base. */
  readonly addsRows: { readonly ours: boolean; readonly theirs: boolean };
}

export interface MergedSchema {
  readonly fields: readonly NestedField[];
  readonly identifierFieldIds: readonly number[];
  readonly clashes: readonly TableClash[];
}

type Sided<T> = { readonly base: T; readonly ours: T; readonly theirs: T };

/** Combines two schemas field by field, and each field by its members: name, type, required, doc, defaults, place. */
export function mergeSchemas(input: SchemasToMerge): MergedSchema {
  const merger = new SchemaMerger(input);
  const fields = merger.fields(input.ours.fields, input.theirs.fields, []);
  const identifiers = threeWay(
    sorted(input.base.identifierFieldIds),
    sorted(input.ours.identifierFieldIds),
    sorted(input.theirs.identifierFieldIds),
  );
  if (identifiers === undefined) {
    const sided = { base: input.base, ours: input.ours, theirs: input.theirs };
    merger.clash(
      'the identifier fields',
      'identifier fields',
      mapSides(sided, (s) => s.identifierFieldIds),
    );
  }
  merger.checkRequired(fields);
  return { fields, identifierFieldIds: identifiers?.value ?? [], clashes: merger.clashes };
}

class SchemaMerger {
  readonly clashes: TableClash[] = [];
  readonly #base: ReadonlyMap<number, NestedField>;
  readonly #input: SchemasToMerge;

  constructor(input: SchemasToMerge) {
    this.#input = input;
    const known = [...walkFields(input.base)].map(({ field }) => [field.id, field] as const);
    this.#base = new Map([...known, ...input.addedByBoth]);
  }

  clash(subject: string, what: string, sides: Sided<unknown>, path: readonly string[] = []): void {
    this.clashes.push({
      kind: 'SCHEMA_CLASH',
      message: `Both sides changed ${subject} of the table, each in its own way.`,
      detail: { what, ...(path.length === 0 ? {} : { column: path.join('.') }), ...sides },
    });
  }

  /** The fields of one struct, or of the table. */
  fields(
    ours: readonly NestedField[],
    theirs: readonly NestedField[],
    path: readonly string[],
  ): readonly NestedField[] {
    const [mine, other] = [byId(ours), byId(theirs)];
    const merged = new Map<number, NestedField>();
    for (const id of new Set([...mine.keys(), ...other.keys()])) {
      const field = this.#field(id, mine.get(id), other.get(id), path);
      if (field !== null) merged.set(id, field);
    }
    const order = mergeOrder([...this.#base.keys()], [...mine.keys()], [...other.keys()]);
    if (order === undefined) {
      const names = (fields: readonly NestedField[]) => fields.map(({ name }) => name);
      this.clash(
        'the order of columns',
        'order',
        { base: null, ours: names(ours), theirs: names(theirs) },
        path,
      );
    }
    const fields = (order ?? [...merged.keys()]).flatMap((id) => merged.get(id) ?? []);
    this.#checkNames(fields, path);
    return fields;
  }

  /** After both sides: a column that has become required may lack values in rows that the other side added. */
  checkRequired(fields: readonly NestedField[]): void {
    const sides = [
      [this.#input.ours, this.#input.addsRows.ours],
      [this.#input.theirs, this.#input.addsRows.theirs],
    ] as const;
    for (const { field, path } of walkFields({ fields })) {
      if (!field.required || field.initialDefault !== undefined) continue;
      for (const [schema, addsRows] of sides) {
        const theirs = [...walkFields(schema)].find((located) => located.field.id === field.id);
        if (!addsRows || theirs?.field.required === true) continue;
        // Inside of something that the side does not have, there is nothing that could lack it.
        if (theirs === undefined && path.length > 1) continue;
        this.clashes.push({
          kind: 'SCHEMA_CLASH',
          message: `One side made the column '${path.join('.')}' required, and the other added rows that need not have it.`,
          detail: { what: 'required', fieldId: field.id, column: path.join('.') },
        });
      }
    }
  }

  /** Null where a side dropped it. */
  #field(
    id: number,
    ours: NestedField | undefined,
    theirs: NestedField | undefined,
    path: readonly string[],
  ): NestedField | null {
    const base = this.#base.get(id);
    if (ours !== undefined && theirs !== undefined) {
      return base === undefined ? ours : this.#changed({ base, ours, theirs }, [...path, ours.name]);
    }
    const left = ours ?? theirs;
    if (base === undefined || left === undefined) return left ?? null;
    if (isSame(fieldJson(left), fieldJson(base))) return null;
    const told = (field: NestedField | undefined) =>
      field === undefined ? null : `${field.name} ${formatType(field.type)}`;
    const column = [...path, left.name].join('.');
    this.clashes.push({
      kind: 'SCHEMA_CLASH',
      message: `${ours === undefined ? 'Ours' : 'Theirs'} dropped the column '${column}', which the other side changed.`,
      detail: {
        what: 'dropped',
        fieldId: id,
        column,
        base: told(base),
        ours: told(ours),
        theirs: told(theirs),
      },
    });
    return left;
  }

  #changed(sides: Sided<NestedField>, path: readonly string[]): NestedField {
    const member = <K extends keyof NestedField>(name: K): NestedField[K] => {
      const values = mapSides(sides, (field) => field[name]);
      const merged = threeWay(values.base, values.ours, values.theirs);
      if (merged === undefined) this.#memberClash(name, sides, values, path);
      return (merged ?? { value: sides.ours[name] }).value;
    };
    return present({
      id: sides.ours.id,
      name: member('name'),
      required: member('required'),
      type: this.#type(sides, path),
      doc: member('doc'),
      initialDefault: member('initialDefault'),
      writeDefault: member('writeDefault'),
    });
  }

  #memberClash(
    name: string,
    { base }: Sided<NestedField>,
    values: Sided<unknown>,
    path: readonly string[],
  ): void {
    const what = name === 'name' ? 'name' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    this.clash(
      `the ${what} of the column '${base.name}'`,
      what,
      mapSides(values, (v) => v ?? null),
      path,
    );
  }

  #type(sides: Sided<NestedField>, path: readonly string[]): IcebergType {
    const { base, ours, theirs } = mapSides(sides, (field) => field.type);
    if (isPrimitive(base) || isPrimitive(ours) || isPrimitive(theirs)) {
      const merged = threeWay(base, ours, theirs);
      if (merged === undefined)
        this.#memberClash(
          'type',
          sides,
          mapSides(sides, (f) => formatType(f.type)),
          path,
        );
      return merged?.value ?? ours;
    }
    if (ours.type === 'struct' && theirs.type === 'struct')
      return { type: 'struct', fields: this.fields(ours.fields, theirs.fields, path) };
    if (ours.type === 'list' && theirs.type === 'list') {
      const [element] = this.fields([elementOf(ours)], [elementOf(theirs)], path);
      if (element === undefined) return ours;
      return { ...ours, elementRequired: element.required, element: element.type };
    }
    if (ours.type === 'map' && theirs.type === 'map') {
      const merged = byId(this.fields(partsOf(ours), partsOf(theirs), path));
      const [key, value] = [merged.get(ours.keyId), merged.get(ours.valueId)];
      if (key === undefined || value === undefined) return ours;
      return { ...ours, key: key.type, valueRequired: value.required, value: value.type };
    }
    return ours;
  }

  #checkNames(fields: readonly NestedField[], path: readonly string[]): void {
    const seen = new Map<string, NestedField>();
    for (const field of fields) {
      const folded = field.name.toLowerCase();
      const other = seen.get(folded);
      seen.set(folded, field);
      if (other === undefined) continue;
      const column = [...path, field.name].join('.');
      this.clashes.push({
        kind: 'SCHEMA_CLASH',
        message: `Each side has a column '${column}' of its own; rename one of them.`,
        detail: { what: 'name', column, fieldIds: [other.id, field.id] },
      });
    }
  }
}

type OfKind<K> = Extract<IcebergType, { type: K }>;

function elementOf({ elementId, elementRequired, element }: OfKind<'list'>): NestedField {
  return { id: elementId, name: 'element', required: elementRequired, type: element };
}

function partsOf({ keyId, key, valueId, valueRequired, value }: OfKind<'map'>): readonly NestedField[] {
  return [
    { id: keyId, name: 'key', required: true, type: key },
    { id: valueId, name: 'value', required: valueRequired, type: value },
  ];
}

function byId(fields: readonly NestedField[]): ReadonlyMap<number, NestedField> {
  return new Map(fields.map((field) => [field.id, field]));
}

function mapSides<T, U>({ base, ours, theirs }: Sided<T>, map: (side: T) => U): Sided<U> {
  return { base: map(base), ours: map(ours), theirs: map(theirs) };
}

function sorted(ids: readonly number[]): readonly number[] {
  return ids.toSorted((a, b) => a - b);
}
