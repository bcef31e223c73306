import { AppError, errorMessage } from '../../errors/app-error.ts';
import { parseJson } from '../../util/json.ts';

/** The table property that gives ids to the columns of files that were written without. */
export const NAME_MAPPING_PROPERTY = 'schema.name-mapping.default';

/** All the names that a field had; elements, keys and values are called 'element', 'key' and 'value'. */
export interface MappedField {
  readonly id: number | null;
  readonly names: readonly string[];
  readonly fields: readonly MappedField[];
}

export type NameMapping = readonly MappedField[];

/** Deeper than any real schema; stops JSON that only nests. */
const MAX_DEPTH = 100;

/**
 * Reads the property's JSON (spec, "Name Mapping Serialization").
 *
 * @throws CORRUPT_METADATA naming the property and what is wrong with it
 */
export function parseNameMapping(text: string): NameMapping {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    throw corrupt(`is no JSON (${errorMessage(cause)})`, cause);
  }
  return parseFields(json, 0);
}

function parseFields(json: unknown, depth: number): NameMapping {
  if (depth > MAX_DEPTH) throw corrupt(`is nested more than ${MAX_DEPTH} deep`);
  if (!Array.isArray(json)) throw corrupt('has something else where a list of fields should be');
  return json.map((item: unknown): MappedField => {
    if (typeof item !== 'object' || item === null) throw corrupt('has a field that is no object');
    const { names, fields, 'field-id': id } = item as Record<string, unknown>;
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      throw corrupt('has a field without a list of names');
    if (id !== undefined && id !== null && !(typeof id === 'number' && Number.isSafeInteger(id)))
      throw corrupt(`gives the field ${names.join(', ')} an id that is no integer`);
    return {
      id: typeof id === 'number' ? id : null,
      names: names,
      fields: fields === undefined || fields === null ? [] : parseFields(fields, depth + 1),
    };
  });
}

function corrupt(what: string, cause?: unknown): AppError {
  return new AppError(
    'CORRUPT_METADATA',
    `The table's property ${NAME_MAPPING_PROPERTY} ${what}. Set it again, or remove it.`,
    { context: { property: NAME_MAPPING_PROPERTY }, cause },
  );
}
