import { useSyncExternalStore } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { inputParameters, textsOf } from '#shared/notebook/cell-sql.ts';
import { givenName } from '#shared/notebook/named-cells.ts';
import { fillPlaceholders, placeholders, type Placeholder } from '#shared/notebook/placeholders.ts';
import type { NotebookStore } from './notebook-store.ts';
import { shownTable } from './run-store.ts';
import { firstValue } from './value-text.ts';

/** A Markdown text with the values that cells and inputs have just now in the place of `{{name}}`. */
export function useFilledText(store: NotebookStore, source: string): string {
  const filled = () =>
    placeholders(source).length === 0 ? source : fillPlaceholders(source, (place) => valueAt(store, place));
  useSyncExternalStore(store.subscribe, filled);
  return useSyncExternalStore(store.runs.subscribe, filled);
}

/** The first value of a chart's or a pivot's answer says nothing of what it shows. */
const HAS_VALUE: ReadonlySet<Cell['kind']> = new Set(['sql', 'input', 'metric']);

function valueAt(store: NotebookStore, place: Placeholder): string | null {
  const same = (name: string | undefined) => name?.toLowerCase() === place.name.toLowerCase();
  const { cells } = store.document();
  const parameter = inputParameters(cells).find(({ name }) => same(name));
  if (parameter?.type === 'texts') return asText(textsOf(parameter.value).join(', ') || '–');
  if (parameter !== undefined) return asText(parameter.value ?? '–');
  const cell = cells.find((each) => HAS_VALUE.has(each.kind) && same(givenName(each)));
  if (cell === undefined) return null;
  const value = cell.kind === 'input' ? rangeText(cell) : tableValue(store, cell.id, place.column);
  return value === null ? null : asText(value);
}

function tableValue(store: NotebookStore, id: string, column: string | null): string | null {
  const table = shownTable(store.runs.get(id));
  return table === null ? null : firstValue(table, column);
}

function rangeText(cell: Extract<Cell, { kind: 'input' }>): string {
  return inputParameters([cell])
    .map(({ value }) => value ?? '…')
    .join(' – ');
}

/** A value is text, whatever Markdown would make of it. */
function asText(value: string): string {
  return value.replaceAll(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&').replaceAll('\n', ' ');
}
