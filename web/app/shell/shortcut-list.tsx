import { useState } from 'react';
import { Kbd } from '#web/components/kbd.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { withWords } from '#web/lib/words.ts';
import { SHORTCUTS } from './shortcuts.ts';

/** Those whose keys or effect have every word of a text. */
function shortcutsFor(text: string): typeof SHORTCUTS {
  const isWanted = withWords(text);
  return SHORTCUTS.map(({ place, keys }) => ({
    place,
    keys: keys.filter((each) => isWanted(each.join(' '))),
  })).filter(({ keys }) => keys.length > 0);
}

/** Every key, by place, to be searched. */
export default function ShortcutList() {
  const [text, setText] = useState('');
  const found = shortcutsFor(text);
  return (
    <>
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
    </>
  );
}
