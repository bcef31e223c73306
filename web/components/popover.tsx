import { Popover as Radix } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { useFocusBefore } from './focus-before.ts';

interface PopoverProps {
  /** One button. */
  readonly trigger: ReactNode;
  /** Accessible name of the panel. */
  readonly label: string;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly className?: string;
}

export function Popover({
  trigger,
  label,
  children,
  open,
  onOpenChange,
  align = 'start',
  side = 'bottom',
  className,
}: PopoverProps) {
  const focusBefore = useFocusBefore(open);
  const [leftByPointer, setLeftByPointer] = useState(false);
  return (
    <Radix.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={() => setLeftByPointer(false)}
          onInteractOutside={() => setLeftByPointer(true)}
          onCloseAutoFocus={(event) => {
            // Opened by a key, it gives the focus back to what had it, which need not be the button.
            const before = leftByPointer ? null : focusBefore();
            if (before === null) return;
            event.preventDefault();
            before.focus({ preventScroll: true });
          }}
          className={cn('z-40 animate-appear rounded-lg bg-raised shadow-float outline-none', className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
