import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import type { CellBox } from './value-inspector.tsx';

interface GridColumnMenuProps {
  readonly name: string;
  /** The header cell, in pixels within the positioned parent. */
  readonly box: CellBox;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** What can be done with one column, below its header. */
export function GridColumnMenu({ name, box, children, onClose }: GridColumnMenuProps) {
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor asChild>
        <div aria-hidden className="pointer-events-none absolute" style={box} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          aria-label={`Column ${name}`}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          // React hands events of what floats to what it hangs on: the grid is not to take them for its own.
          onPointerDown={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          className="z-40 flex max-h-(--radix-popover-content-available-height) w-72 animate-appear flex-col overflow-y-auto rounded-lg bg-raised font-sans text-sm shadow-float outline-none"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
