import {
  Braces,
  Copy,
  Filter,
  FilterX,
  List,
  ListFilter,
  ScanText,
  Sheet,
  Table2,
  type LucideIcon,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { MenuItem, MenuLabel, MenuSeparator } from '#web/components/menu.tsx';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { copyAs, type CopyFormat } from './copy-as.ts';
import { copyRange, isOneCell, type CopiedText } from './copy.ts';
import type { FilterOfValue } from './grid-overlay.ts';
import type { CellAddress, Range } from './selection.ts';
import type { CellBox } from './grid-metrics.ts';

interface CellMenuProps {
  readonly table: ResultTable;
  readonly formatters: readonly CellFormatter[];
  /** What is copied. */
  readonly range: Range;
  /** What is filtered by and inspected; null where whole rows or columns were taken. */
  readonly cell: CellAddress | null;
  /** Where it opens, in pixels within the positioned parent. */
  readonly box: CellBox;
  readonly filterOf: FilterOfValue | undefined;
  readonly onCopied: (copied: CopiedText) => void;
  readonly onInspect: (cell: CellAddress) => void;
  /** What can be done with the column whose header it is; absent where it is none. */
  readonly onColumn?: (() => void) | undefined;
  readonly onClose: () => void;
}

const FORMATS: readonly { readonly format: CopyFormat; readonly name: string; readonly icon: LucideIcon }[] =
  [
    { format: 'json', name: 'JSON', icon: Braces },
    { format: 'csv', name: 'CSV', icon: Sheet },
    { format: 'markdown', name: 'Markdown table', icon: Table2 },
    { format: 'in-list', name: 'SQL IN-list', icon: List },
  ];

/** Letters of the value that a filter would hold. */
const SHOWN = 24;

/** What can be done with the cells that are selected. Load it lazily. */
export default function CellMenu(props: CellMenuProps) {
  const { table, formatters, range, cell, box, onCopied, onColumn, onClose } = props;
  const one = isOneCell(range);
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none absolute" style={box} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label="Selected cells"
          aria-labelledby={undefined}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          // React hands events of what floats to what it hangs on: the grid is not to take them for its own.
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          onContextMenu={(event) => {
            event.preventDefault();
            event.stopPropagation();
          }}
          className="z-40 max-h-(--radix-dropdown-menu-content-available-height) w-72 animate-appear overflow-y-auto rounded-lg bg-raised p-1 font-sans text-sm shadow-float"
        >
          <MenuItem
            icon={Copy}
            shortcut="Mod+C"
            onSelect={() => onCopied(copyRange(table, formatters, range, !one))}
          >
            {one ? 'Copy' : 'Copy with headers'}
          </MenuItem>
          <MenuItem icon={Copy} onSelect={() => onCopied(copyRange(table, formatters, range, one))}>
            {one ? 'Copy with header' : 'Copy without headers'}
          </MenuItem>
          <MenuLabel>Copy as</MenuLabel>
          {FORMATS.map(({ format, name, icon }) => (
            <MenuItem
              key={format}
              icon={icon}
              onSelect={() => onCopied(copyAs(format, table, formatters, range))}
            >
              {name}
            </MenuItem>
          ))}
          {cell !== null && <OfCell {...props} cell={cell} />}
          {onColumn !== undefined && (
            <>
              <MenuSeparator />
              <MenuItem icon={ListFilter} shortcut="Enter" onSelect={onColumn}>
                Sort, filter, figures
              </MenuItem>
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function OfCell({
  table,
  formatters,
  cell,
  filterOf,
  onInspect,
}: CellMenuProps & { readonly cell: CellAddress }) {
  const value = table.value(cell.row, cell.column);
  const text = value === null ? 'NULL' : (formatters[cell.column]?.text(value) ?? '');
  const filter = filterOf?.(cell.column, value);
  // What a filter can't hold is said, and not hidden: it is there for the cell beside it.
  const hint = filter === null ? 'not of this type' : text === '' ? '“”' : text.slice(0, SHOWN);
  return (
    <>
      <MenuSeparator />
      {filter !== undefined && (
        <>
          <MenuItem icon={Filter} hint={hint} disabled={filter === null} onSelect={() => filter?.keep()}>
            Filter to this value
          </MenuItem>
          <MenuItem icon={FilterX} disabled={filter === null} onSelect={() => filter?.exclude()}>
            Exclude this value
          </MenuItem>
        </>
      )}
      <MenuItem icon={ScanText} shortcut="Enter" onSelect={() => onInspect(cell)}>
        Inspect value
      </MenuItem>
    </>
  );
}
