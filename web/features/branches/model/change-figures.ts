import type { CatalogChange, TableDiffSummary } from '#shared/contract/diff.ts';
import type { Tone } from '#web/components/badge.tsx';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';

export const CHANGE_TONES: Readonly<Record<CatalogChange['kind'], Tone>> = {
  added: 'good',
  removed: 'bad',
  modified: 'neutral',
  renamed: 'accent',
  replaced: 'warn',
};

const TYPES: Readonly<Record<string, string>> = {
  ICEBERG_TABLE: 'table',
  ICEBERG_VIEW: 'view',
  NAMESPACE: 'namespace',
};

export function typeWord(type: string): string {
  return TYPES[type] ?? type.toLowerCase().replaceAll('_', ' ');
}

/** "+483,112", "−12", "0": how many rows more there are. */
export function rowsDelta({ rowsBefore, rowsAfter }: TableDiffSummary): string {
  const delta = BigInt(rowsAfter) - BigInt(rowsBefore);
  if (delta === 0n) return '0';
  return delta > 0n ? `+${formatInteger(delta)}` : `−${formatInteger(-delta)}`;
}

/** "2 files added, 1 removed, 1 delete file added"; empty where no file differs. */
export function filesText(table: TableDiffSummary): string {
  const parts: string[] = [];
  const add = (count: number, what: string) => {
    if (count > 0) parts.push(`${countOf(count, 'file')} ${what}`);
  };
  add(table.addedFiles, 'added');
  add(table.removedFiles, 'removed');
  if (table.addedDeleteFiles > 0) parts.push(`${countOf(table.addedDeleteFiles, 'delete file')} added`);
  if (table.removedDeleteFiles > 0) parts.push(`${countOf(table.removedDeleteFiles, 'delete file')} removed`);
  return parts.join(', ');
}

/** "2 columns, 1 property, partitioning": what a change is besides rows; empty where it is rows alone. */
export function shapeText({ schema, properties, partitioning, sortOrder }: TableDiffSummary): string {
  const columns = schema.added.length + schema.removed.length + schema.changed.length;
  const parts: string[] = [];
  if (columns > 0) parts.push(countOf(columns, 'column'));
  if (properties.length > 0) parts.push(countOf(properties.length, 'property', 'properties'));
  if (partitioning !== undefined) parts.push('partitioning');
  if (sortOrder !== undefined) parts.push('sort order');
  return parts.join(', ');
}

/** "query, comment": what of a view or a namespace differs; empty where nothing does. */
export function valuesText(values: CatalogChange['values']): string {
  const names = (values ?? []).map(({ name }) => name);
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}
