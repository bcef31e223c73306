import { lazy, Suspense, useEffect } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';

const ShortcutList = lazy(() => import('./shortcut-list.tsx'));

interface ShortcutsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Every key, by place. "?" opens it wherever nothing is typed. */
export function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest('input, textarea, [contenteditable], [role=textbox]') !== null;
      if (event.key !== '?' || typing || event.defaultPrevented) return;
      event.preventDefault();
      onOpenChange(true);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [onOpenChange]);

  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" className="w-180">
      <Suspense fallback={<Skeleton className="h-160" />}>
        <ShortcutList />
      </Suspense>
    </Dialog>
  );
}
