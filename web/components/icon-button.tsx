import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { ariaShortcut } from '#web/lib/platform.ts';
import { Tooltip } from './tooltip.tsx';

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children'> {
  readonly icon: LucideIcon;
  /** Accessible name and tooltip. */
  readonly label: string;
  /** Shown in the tooltip, e.g. "Mod+Enter". */
  readonly shortcut?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly small?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  side = 'bottom',
  small = false,
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={side}>
      <button
        type={type}
        aria-label={label}
        aria-keyshortcuts={shortcut === undefined ? undefined : ariaShortcut(shortcut)}
        className={cn(
          'inline-flex shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink hover:transition-colors hover:duration-100',
          'aria-pressed:bg-selected aria-pressed:text-accent-text data-[state=open]:bg-hover data-[state=open]:text-ink disabled:opacity-40 disabled:hover:bg-transparent',
          small ? 'size-6' : 'size-7',
          className,
        )}
        {...rest}
      >
        <Icon aria-hidden className={small ? 'size-3.5' : 'size-4'} strokeWidth={1.75} />
      </button>
    </Tooltip>
  );
}
