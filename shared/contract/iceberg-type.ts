import { z } from 'zod';
import type { IcebergType } from '../iceberg/types.ts';

/** Deeper than any real type. */
const MAX_DEPTH = 100;

/**
 * An Iceberg type in the form in which shared/iceberg has it; a primitive is its text. Not `z.custom`, which OpenAPI
 * can't show.
 */
export const icebergType = z
  .union([z.string(), z.looseObject({ type: z.enum(['struct', 'list', 'map']) })])
  .refine((value) => isType(value, 0), 'is no Iceberg type')
  .describe(
    "an Iceberg type: a primitive's text, or {type: 'struct', fields}, {type: 'list', elementId, element, …}, {type: 'map', keyId, key, valueId, value, …}",
  ) as unknown as z.ZodType<IcebergType>;

function isType(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
  const json = value as Readonly<Record<string, unknown>>;
  const inside = (name: string) => isType(json[name], depth + 1);
  switch (json['type']) {
    case 'struct':
      return Array.isArray(json['fields']) && json['fields'].every((field) => isField(field, depth + 1));
    case 'list':
      return typeof json['elementId'] === 'number' && inside('element');
    case 'map':
      return (
        typeof json['keyId'] === 'number' &&
        typeof json['valueId'] === 'number' &&
        inside('key') &&
        inside('value')
      );
    default:
      return false;
  }
}

function isField(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, type } = value as Readonly<Record<string, unknown>>;
  return typeof id === 'number' && typeof name === 'string' && isType(type, depth);
}
