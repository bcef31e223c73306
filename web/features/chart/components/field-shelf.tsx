import { GripVertical } from 'lucide-react';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { parseSqlType, shortTypeName } from '#web/lib/format/duckdb-type.ts';
import { FIELD_TYPE } from './chart-toolbar.tsx';

/** The result's columns, to be dragged to where the chart is to have them. The toolbar's lists do the same by keyboard. */
export function FieldShelf({ columns }: { columns: readonly ResultColumn[] }) {
  return (
    <ul
      aria-label="Columns to drag into the chart"
      className="flex max-h-16 flex-wrap gap-1 overflow-y-auto border-b px-3 py-1.5"
    >
      {columns.map(({ name, type }, at) => (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the toolbar's lists do the same
        <li
          // oxlint-disable-next-line react/no-array-index-key -- two columns may have one name
          key={at}
          draggable
          title={`${name}, ${type.toLowerCase()}: drag it to an axis`}
          onDragStart={(event) => {
            event.dataTransfer.setData(FIELD_TYPE, name);
            event.dataTransfer.effectAllowed = 'copy';
          }}
          className="flex h-5 max-w-48 cursor-grab items-center gap-0.5 rounded-sm bg-sunken pr-1.5 text-xs text-ink-2 active:cursor-grabbing"
        >
          <GripVertical aria-hidden className="size-3 shrink-0 text-ink-3" />
          <span className="truncate">{name}</span>
          <span className="shrink-0 pl-1 text-ink-3">{shortTypeName(parseSqlType(type))}</span>
        </li>
      ))}
    </ul>
  );
}
