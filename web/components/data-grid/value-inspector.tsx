import { Copy, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useMemo, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { NullBadge } from '#web/components/null-badge.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import type { CellBox } from './grid-metrics.ts';
import { valueTree } from './value-nodes.ts';
import { ValueTree } from './value-tree.tsx';

interface ValueInspectorProps {
  readonly column: ResultColumn;
  readonly formatter: CellFormatter;
  readonly row: number;
  readonly value: CellValue;
  readonly box: CellBox;
  readonly onCopy: (text: string) => void;
  readonly onClose: () => void;
}

/** The whole of one value, next to its cell: long texts, nested values as trees, both clocks of an instant. */
export function ValueInspector({ column, formatter, row, value, box, onCopy, onClose }: ValueInspectorProps) {
  const content = useRef<HTMLDivElement>(null);
  const root = useMemo(() => valueTree(column, value), [column, value]);
  const [view, setView] = useState<'tree' | 'text'>('tree');
  const [part, setPart] = useState(root);
  const tree = view === 'tree' ? root : null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.target === content.current) onClose();
  };
  const plain = () => (tree === null || part === null ? formatter.plain(value) : part.plain());
  const onCopyKey = (event: ClipboardEvent) => {
    // What is marked goes before what is current.
    if (getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    onCopy(plain());
  };
  const hint = value === null ? undefined : formatter.hint(value);
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor asChild>
        <div aria-hidden className="pointer-events-none absolute" style={box} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          ref={content}
          tabIndex={-1}
          aria-label={`Value of ${column.name} in row ${formatInteger(row + 1)}`}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (content.current?.querySelector<HTMLElement>('[role=tree]') ?? content.current)?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onKeyDown={onKeyDown}
          onCopy={onCopyKey}
          // React hands events of what floats to what it hangs on: the grid would take the pointer for its own.
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          className="z-40 flex max-h-(--radix-popover-content-available-height) max-w-[min(640px,90vw)] min-w-72 animate-appear flex-col rounded-lg bg-raised shadow-float outline-none"
        >
          <div className="flex items-center gap-2 border-b py-1 pr-1 pl-3">
            <span className="truncate font-medium">{column.name}</span>
            <span className="min-w-0 flex-1 truncate text-xs text-ink-3" title={column.type}>
              {column.type.toLowerCase()}
            </span>
            {root !== null && (
              <Segmented
                label="View of the value"
                value={view}
                onChange={setView}
                options={[
                  { value: 'tree', label: 'Tree' },
                  { value: 'text', label: 'Text' },
                ]}
              />
            )}
            <IconButton icon={X} label="Close" shortcut="Esc" small onClick={onClose} />
          </div>
          {tree !== null ? (
            <ValueTree root={tree} label={`Parts of ${column.name}`} onSelect={setPart} />
          ) : (
            <pre
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
              tabIndex={0}
              className="max-h-80 min-h-0 overflow-auto px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap select-text"
            >
              {value === null ? <NullBadge /> : formatter.full(value)}
              {hint !== undefined && `\n${hint.replace(/Z$/, ' UTC')}`}
            </pre>
          )}
          <div className="flex h-8 items-center justify-between gap-4 border-t pr-1 pl-3 text-xs text-ink-3">
            {tree === null || part === null ? (
              <Extent value={value} />
            ) : (
              <span className="min-w-0 flex-1 truncate font-mono" title={part.path}>
                {part.path}
              </span>
            )}
            <span className="flex shrink-0">
              {tree !== null && part !== null && (
                <Button
                  look="quiet"
                  small
                  title="The SQL expression that gives this part"
                  onClick={() => onCopy(part.path)}
                >
                  Copy path
                </Button>
              )}
              <Button look="quiet" small onClick={() => onCopy(plain())}>
                <Copy aria-hidden className="size-3.5" strokeWidth={1.75} />
                Copy value
              </Button>
            </span>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Extent({ value }: { value: CellValue }) {
  if (typeof value === 'string') return <span>{countOf(value.length, 'character')}</span>;
  if (value instanceof Uint8Array)
    return <span title={exactBytes(value.length)}>{formatBytes(value.length)}</span>;
  if (Array.isArray(value)) return <span>{countOf(value.length, 'entry', 'entries')}</span>;
  return <span />;
}
