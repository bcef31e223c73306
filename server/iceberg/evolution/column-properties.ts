import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import {
  evolveNameMapping,
  nameMappingToText,
  NAME_MAPPING_PROPERTY,
  parseNameMapping,
} from '../metadata/name-mapping.ts';

/** Properties that name a column at their end. */
const PREFIXES = [
  'write.metadata.metrics.column.',
  'write.parquet.bloom-filter-enabled.column.',
  'write.parquet.bloom-filter-fpp.column.',
  'write.parquet.stats-enabled.column.',
];

/** What a change of the schema means for properties that speak of columns by name. */
export function columnPropertyUpdates(
  properties: Readonly<Record<string, string>>,
  before: Schema,
  after: Schema,
): readonly TableUpdate[] {
  const updates: Record<string, string> = {};
  const removals: string[] = [];
  const mapping = properties[NAME_MAPPING_PROPERTY];
  if (mapping !== undefined) {
    const next = evolveNameMapping(parseNameMapping(mapping), before.fields, after.fields);
    const text = nameMappingToText(next);
    if (text !== mapping) updates[NAME_MAPPING_PROPERTY] = text;
  }
  const pathNow = new Map([...walkFields(after)].map(({ field, path }) => [field.id, path.join('.')]));
  for (const { field, path } of walkFields(before)) {
    const was = path.join('.');
    const now = pathNow.get(field.id);
    if (was === now) continue;
    for (const prefix of PREFIXES) {
      const value = properties[prefix + was];
      if (value === undefined) continue;
      removals.push(prefix + was);
      if (now !== undefined) updates[prefix + now] = value;
    }
  }
  const removed = removals.filter((name) => !(name in updates));
  return [
    ...(removed.length === 0 ? [] : [{ action: 'remove-properties' as const, removals: removed }]),
    ...(Object.keys(updates).length === 0 ? [] : [{ action: 'set-properties' as const, updates }]),
  ];
}
