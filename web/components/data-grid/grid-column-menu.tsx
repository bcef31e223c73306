import { Popover } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import type { CellBox } from './grid-metrics.ts';

/** What a column's menu can ask of the grid. */
export interface ColumnTools {
  readonly fit: () => void;
  readonly close: () => void;
}

interface GridColumnMenuProps {
  readonly column: number;
  readonly name: string;
  /** The header cell, in pixels within the positioned parent. */
  readonly box: CellBox;
  readonly render: (column: number, tools: ColumnTools) => ReactNode;
  readonly onFit: () => void;
  readonly onClose: () => void;
}

/** What can be done with one column, below its header. */
export function GridColumnMenu({ column, name, box, render, onFit, onClose }: GridColumnMenuProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor asChild>
        <div aria-hidden className="pointer-events-none absolute" style={box} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          ref={content}
          aria-label={`Column ${name}`}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            // The first button would show its tooltip over what was opened.
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          // React hands events of what floats to what it hangs on: the grid is not to take them for its own.
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          className="z-40 flex max-h-(--radix-popover-content-available-height) w-72 animate-appear flex-col overflow-y-auto rounded-lg bg-raised font-sans text-sm shadow-float outline-none"
        >
          {render(column, { fit: onFit, close: onClose })}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
