import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { childFields } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import { JsonNode } from './json-node.ts';

export const NAME_MAPPING_PROPERTY = 'schema.name-mapping.default';

/** Which names a field has in data files without field ids. */
export interface MappedField {
  /** Absent: the names are known to be no field of the table. */
  readonly fieldId?: number;
  readonly names: readonly string[];
  readonly fields?: readonly MappedField[];
}

/** @throws CORRUPT_METADATA where the property is no name mapping */
export function parseNameMapping(text: string): readonly MappedField[] {
  const source = { name: `The property '${NAME_MAPPING_PROPERTY}'`, code: 'CORRUPT_METADATA' } as const;
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new AppError('CORRUPT_METADATA', `${source.name} is not JSON: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  return parseFields(new JsonNode(json, source), 0);
}

function parseFields(node: JsonNode, depth: number): readonly MappedField[] {
  if (depth > 100) node.fail('is nested more than 100 deep');
  return node.list().map((field) => {
    const nested = field.optional('fields');
    return present({
      fieldId: field.optional('field-id')?.int(),
      names: field
        .get('names')
        .list()
        .map((name) => name.text()),
      fields: nested === null ? undefined : parseFields(nested, depth + 1),
    });
  });
}

export function nameMappingToText(mapping: readonly MappedField[]): string {
  return stringifyJson(mapping.map(toJson));
}

function toJson(field: MappedField): Record<string, unknown> {
  return { 'field-id': field.fieldId, names: field.names, fields: field.fields?.map(toJson) };
}

/** The mapping of a schema whose names are those of its files. */
export function nameMappingOf(fields: readonly NestedField[]): readonly MappedField[] {
  return fields.map((field) => {
    const children = childFields(field.type);
    return {
      fieldId: field.id,
      names: [field.name],
      ...(children.length === 0 ? {} : { fields: nameMappingOf(children) }),
    };
  });
}

/**
 * The mapping after a schema changed: a new field brings its name, a renamed one gets its new name beside the
 * old, and a name that went over to another field leaves the one that had it. Fields that were dropped stay, so
 * that their columns in old files are not taken for others.
 */
export function evolveNameMapping(
  mapping: readonly MappedField[],
  before: readonly NestedField[],
  after: readonly NestedField[],
): readonly MappedField[] {
  const old = new Map(before.map((field) => [field.id, field]));
  const fresh = after.filter((field) => old.get(field.id)?.name !== field.name);
  const ownerOf = new Map(fresh.map((field) => [field.name, field.id]));
  const now = new Map(after.map((field) => [field.id, field]));
  const kept = mapping.map((mapped): MappedField => {
    const field = mapped.fieldId === undefined ? undefined : now.get(mapped.fieldId);
    const names = mapped.names.filter((name) => (ownerOf.get(name) ?? mapped.fieldId) === mapped.fieldId);
    if (field === undefined) return { ...mapped, names };
    const children = evolveNameMapping(
      mapped.fields ?? [],
      childFields(old.get(field.id)?.type ?? 'int'),
      childFields(field.type),
    );
    return {
      ...mapped,
      names:
        ownerOf.get(field.name) === field.id && !names.includes(field.name) ? [...names, field.name] : names,
      ...(mapped.fields === undefined && children.length === 0 ? {} : { fields: children }),
    };
  });
  const mappedIds = new Set(mapping.map((mapped) => mapped.fieldId));
  return [...kept, ...nameMappingOf(after.filter((field) => !old.has(field.id) && !mappedIds.has(field.id)))];
}
