import { useEffect, useState } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { Kbd } from '#web/components/kbd.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { SHORTCUTS } from './shortcuts.ts';

interface ShortcutsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Those whose keys or effect have every word of a text. */
function shortcutsFor(text: string): typeof SHORTCUTS {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return SHORTCUTS.map(({ place, keys }) => ({
    place,
    keys: keys.filter((each) => words.every((word) => each.join(' ').toLowerCase().includes(word))),
  })).filter(({ keys }) => keys.length > 0);
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

  const [text, setText] = useState('');
  const found = shortcutsFor(text);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next);
        setText('');
      }}
      title="Keyboard shortcuts"
      className="w-180"
    >
      <SearchField
        label="Find a shortcut"
        placeholder="What it does, or its keys…"
        value={text}
        onChange={setText}
        className="mb-4"
      />
      {found.length === 0 && <p className="text-ink-2">No shortcut does that.</p>}
      <div className={found.length > 1 ? 'columns-2 gap-8' : ''}>
        {found.map(({ place, keys }) => (
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
