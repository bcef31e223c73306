import { keyNames } from '#web/lib/platform.ts';

/** A shortcut such as "Mod+Enter"; several keys one after another are separated by a space ("d d"). */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="inline-flex items-center gap-0.5 font-sans text-xs text-ink-3">
      {keys.split(' ').flatMap((chord, at) =>
        keyNames(chord).map((key) => (
          <span
            key={`${at}-${key}`}
            className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-line-strong px-1 leading-none"
          >
            {key}
          </span>
        )),
      )}
    </kbd>
  );
}
