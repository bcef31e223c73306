import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { cn } from '#web/lib/class-names.ts';

interface SplitPaneProps {
  readonly direction?: 'horizontal' | 'vertical';
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Accessible name of the divider. */
  readonly label: string;
  /** Share of the first pane, percent. */
  readonly initial?: number;
  /** Pixels. */
  readonly minFirst?: number;
  readonly minSecond?: number;
  readonly className?: string;
}

/** Two panes with a divider that pointer and arrow keys move. */
export function SplitPane({
  direction = 'horizontal',
  first,
  second,
  label,
  initial = 50,
  minFirst = 160,
  minSecond = 160,
  className,
}: SplitPaneProps) {
  return (
    <Group orientation={direction} className={cn('min-h-0 min-w-0', className)}>
      <Panel defaultSize={`${initial}%`} minSize={minFirst} className="flex min-h-0 min-w-0 flex-col">
        {first}
      </Panel>
      <Divider label={label} direction={direction} />
      <Panel minSize={minSecond} className="flex min-h-0 min-w-0 flex-col">
        {second}
      </Panel>
    </Group>
  );
}

export function Divider({ label, direction }: { label: string; direction: 'horizontal' | 'vertical' }) {
  return (
    <Separator
      aria-label={label}
      className={cn(
        'relative shrink-0 bg-line outline-none transition-colors duration-100 hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent data-[separator=hover]:bg-accent',
        direction === 'horizontal' ? 'w-px' : 'h-px',
      )}
    />
  );
}
