import {
  parsePrimitive,
  formatPrimitive,
  isPrimitive,
  type IcebergType,
  type NestedField,
} from '#shared/iceberg/types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { walkFields } from '#shared/iceberg/schema.ts';
import { present } from '#shared/util/present.ts';
import type { JsonNode } from './json-node.ts';

/** Deeper than any real schema; stops JSON that only nests. */
const MAX_DEPTH = 100;
const MAX_FIELD_ID = 0x7fffffff;

/** @param fallbackId for v1 metadata, whose one schema need not have an id */
export function parseSchema(node: JsonNode, fallbackId?: number): Schema {
  const id = node.optional('schema-id');
  const schema: Schema = {
    schemaId: id === null && fallbackId !== undefined ? fallbackId : (id ?? node.get('schema-id')).int(),
    fields: parseFields(node.get('fields'), 0),
    identifierFieldIds: (node.optional('identifier-field-ids')?.list() ?? []).map((item) => item.int()),
  };
  const seen = new Map<number, string>();
  for (const { field, path } of walkFields(schema)) {
    const other = seen.get(field.id);
    if (other !== undefined) {
      node.get('fields').fail(`gives the id ${field.id} to both '${other}' and '${path.join('.')}'`);
    }
    seen.set(field.id, path.join('.'));
  }
  return schema;
}

/** The fields of one struct. Names that differ only in case are two: some engines tell them apart. */
function parseFields(node: JsonNode, depth: number): readonly NestedField[] {
  const names = new Set<string>();
  return node.list().map((item) => {
    const field = parseField(item, depth);
    if (names.has(field.name)) item.get('name').fail(`is '${field.name}', as another field's beside it is`);
    names.add(field.name);
    return field;
  });
}

/** Files and manifests have field ids as 32-bit integers. */
function fieldId(node: JsonNode): number {
  const id = node.int();
  return Math.abs(id) <= MAX_FIELD_ID ? id : node.fail(`is ${id}, which is no 32-bit integer`);
}

function parseField(node: JsonNode, depth: number): NestedField {
  return present({
    id: fieldId(node.get('id')),
    name: node.get('name').text(),
    required: node.get('required').boolean(),
    type: parseType(node.get('type'), depth),
    doc: node.optional('doc')?.text(),
    initialDefault: node.optional('initial-default')?.value,
    writeDefault: node.optional('write-default')?.value,
  });
}

function parseType(node: JsonNode, depth: number): IcebergType {
  if (typeof node.value === 'string') {
    const text = node.value;
    return node.within(() => formatPrimitive(parsePrimitive(text)));
  }
  if (depth >= MAX_DEPTH) node.fail(`is nested more than ${MAX_DEPTH} deep`);
  switch (node.get('type').oneOf('struct', 'list', 'map')) {
    case 'struct':
      return {
        type: 'struct',
        fields: parseFields(node.get('fields'), depth + 1),
      };
    case 'list':
      return {
        type: 'list',
        elementId: fieldId(node.get('element-id')),
        elementRequired: node.get('element-required').boolean(),
        element: parseType(node.get('element'), depth + 1),
      };
    case 'map':
      return {
        type: 'map',
        keyId: fieldId(node.get('key-id')),
        key: parseType(node.get('key'), depth + 1),
        valueId: fieldId(node.get('value-id')),
        valueRequired: node.get('value-required').boolean(),
        value: parseType(node.get('value'), depth + 1),
      };
  }
}

export function schemaToJson(schema: Schema): Record<string, unknown> {
  return {
    type: 'struct',
    'schema-id': schema.schemaId,
    ...(schema.identifierFieldIds.length === 0 ? {} : { 'identifier-field-ids': schema.identifierFieldIds }),
    fields: schema.fields.map(fieldToJson),
  };
}

function fieldToJson(field: NestedField): Record<string, unknown> {
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    type: typeToJson(field.type),
    doc: field.doc,
    'initial-default': field.initialDefault,
    'write-default': field.writeDefault,
  };
}

function typeToJson(type: IcebergType): unknown {
  if (isPrimitive(type)) return type;
  switch (type.type) {
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldToJson) };
    case 'list':
      return {
        type: 'list',
        'element-id': type.elementId,
        element: typeToJson(type.element),
        'element-required': type.elementRequired,
      };
    case 'map':
      return {
        type: 'map',
        'key-id': type.keyId,
        key: typeToJson(type.key),
        'value-id': type.valueId,
        value: typeToJson(type.value),
        'value-required': type.valueRequired,
      };
  }
}
