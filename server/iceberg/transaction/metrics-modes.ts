import { walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { currentSchema, defaultSortOrder } from '../metadata/lookup.ts';

/** What manifests are to know of a column: no counts, counts alone, or bounds too, cut to `width` where given. */
export type MetricsMode =
  | { readonly kind: 'none' | 'counts' | 'full' }
  | { readonly kind: 'truncate'; readonly width: number };

/** The mode of a column by its field id. */
export type MetricsModes = (fieldId: number) => MetricsMode;

const TRUNCATED: MetricsMode = { kind: 'truncate', width: 16 };
const PREFIX = 'write.metadata.metrics.';
const MAX_INFERRED_COLUMNS = 100;

/** As other writers have it where a table says nothing: bounds, cut to 16 code points or bytes. */
export const DEFAULT_METRICS: MetricsModes = () => TRUNCATED;

/**
 * The modes that `write.metadata.metrics.…` properties of a table give its columns. Where they give no default,
 * columns beyond the first hundred have no metrics, unless the table is sorted by them.
 *
 * @param orderedBy columns that the files at hand are ordered by
 */
export function metricsModes(metadata: TableMetadata, orderedBy: readonly number[] = []): MetricsModes {
  const { properties } = metadata;
  const schema = currentSchema(metadata);
  const given = parseMode(properties[`${PREFIX}default`]);
  const fallback = given ?? { kind: 'none' };
  const modes = new Map<number, MetricsMode>();
  if (given === null)
    for (const id of firstColumns(schema, inferredColumns(properties))) modes.set(id, TRUNCATED);
  for (const id of [...sortedColumns(defaultSortOrder(metadata)), ...orderedBy])
    modes.set(id, given === null || given.kind === 'none' || given.kind === 'counts' ? TRUNCATED : given);
  for (const { field, path } of walkFields(schema)) {
    const mode = parseMode(properties[`${PREFIX}column.${path.join('.')}`]);
    if (mode !== null) modes.set(field.id, mode);
  }
  return (fieldId) => modes.get(fieldId) ?? fallback;
}

/** @returns null where there is none, or one that means nothing: a write does not fail for that */
function parseMode(text: string | undefined): MetricsMode | null {
  const mode = text?.trim().toLowerCase();
  if (mode === 'none' || mode === 'counts' || mode === 'full') return { kind: mode };
  const width = /^truncate\((\d{1,9})\)$/.exec(mode ?? '')?.[1];
  return width === undefined || Number(width) === 0 ? null : { kind: 'truncate', width: Number(width) };
}

function inferredColumns(properties: Readonly<Record<string, string>>): number {
  const text = properties[`${PREFIX}max-inferred-column-defaults`] ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : MAX_INFERRED_COLUMNS;
}

/** Those nearest to the root first. */
function firstColumns(schema: Schema, count: number): readonly number[] {
  return [...walkFields(schema)]
    .filter(({ field }) => isPrimitive(field.type))
    .sort((a, b) => a.path.length - b.path.length)
    .slice(0, count)
    .map(({ field }) => field.id);
}

/** By a transform that keeps the order, so that bounds of the column say where a row may be. */
function sortedColumns(order: SortOrder): readonly number[] {
  return order.fields
    .filter(({ transform }) => !transform.startsWith('bucket'))
    .map(({ sourceId }) => sourceId);
}
