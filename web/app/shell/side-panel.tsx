import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { MAX_WIDTH, MIN_WIDTH } from './panel-width.ts';

interface SidePanelProps {
  readonly label: string;
  readonly open: boolean;
  /** Pixels. */
  readonly width: number;
  readonly onWidth: (pixels: number) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const STEP = 16;

/** A panel whose right edge can be dragged, or moved with the arrow keys; far enough to the left closes it. */
export function SidePanel({ label, open, width, onWidth, onClose, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null);

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || panel.current === null) return;
    const wanted = event.clientX - panel.current.getBoundingClientRect().left;
    if (wanted >= MIN_WIDTH / 2) onWidth(wanted);
    else {
      event.currentTarget.releasePointerCapture(event.pointerId);
      onClose();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onWidth(width + by);
  };

  return (
    <aside
      ref={panel}
      aria-label={label}
      style={{ width }}
      className={cn('relative flex min-h-0 shrink-0 flex-col border-r', !open && 'hidden')}
    >
      {children}
      {/* A separator that moves is a control: ARIA's window splitter. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="separator"
        aria-label={`Width of ${label.toLowerCase()}`}
        aria-orientation="vertical"
        aria-valuenow={width}
        aria-valuemin={MIN_WIDTH}
        aria-valuemax={MAX_WIDTH}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={onKeyDown}
        className="absolute inset-y-0 -right-[3px] z-10 w-[5px] cursor-col-resize touch-none before:absolute before:inset-y-0 before:left-[2px] before:w-px before:transition-colors before:duration-100 hover:before:bg-accent focus-visible:outline-none focus-visible:before:w-0.5 focus-visible:before:bg-accent active:before:bg-accent"
      />
    </aside>
  );
}
