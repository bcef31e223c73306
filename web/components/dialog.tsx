import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** Where the keyboard goes on once it is closed; absent: where it was, which an entry of a menu is gone from by then. */
  readonly returnTo?: () => HTMLElement | null | undefined;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  className,
  returnTo,
}: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-(--scrim)" />
        <Radix.Content
          // The panel itself, not its close button, whose tooltip would cover the title.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          onCloseAutoFocus={(event) => {
            const place = returnTo?.();
            if (place === null || place === undefined) return;
            event.preventDefault();
            place.focus();
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cn(
            'fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-120 max-w-[calc(100vw-32px)] -translate-x-1/2 animate-appear flex-col rounded-lg bg-raised shadow-float outline-none',
            className,
          )}
        >
          <header className="flex items-center justify-between gap-4 border-b px-4 py-2">
            <Radix.Title className="truncate text-base font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon={X} label="Close" shortcut="Esc" />
            </Radix.Close>
          </header>
          <div className="overflow-y-auto p-4">
            {description !== undefined && (
              <Radix.Description className="mb-3 text-ink-2">{description}</Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
