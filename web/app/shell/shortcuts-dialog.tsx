import { useEffect } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { Kbd } from '#web/components/kbd.tsx';
import { SHORTCUTS } from './shortcuts.ts';

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
      <div className="columns-2 gap-8">
        {SHORTCUTS.map(({ place, keys }) => (
          <section key={place} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-ink-3">{place}</h3>
            <dl>
              {keys.map(([combination, what]) => (
                <div
                  key={what}
                  className="flex h-7 items-center justify-between gap-4 border-b last:border-0"
                >
                  <dt className="truncate text-ink-2">{what}</dt>
                  <dd className="flex shrink-0 gap-1.5">
                    {combination.split(' or ').map((keys) => (
                      <Kbd key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
