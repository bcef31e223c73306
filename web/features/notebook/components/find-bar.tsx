import { ArrowDown, ArrowUp, CaseSensitive, Regex, Replace, ReplaceAll, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from '#web/components/icon-button.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { findMatches, replaceMatches, type FindRequest, type Match } from '../model/find.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';

interface FindBarProps {
  readonly store: NotebookStore;
  /** Shows a place in its cell. The bar keeps the focus. */
  readonly onReveal: (match: Match) => void;
}

/** Find and replace over the text of all cells; it opens by its command. */
export function FindBar({ store, onReveal }: FindBarProps) {
  const [open, setOpen] = useState(false);
  useCommands(
    useMemo(
      () => [
        {
          id: 'cells.find',
          group: 'This notebook',
          title: 'Find and replace in all cells…',
          icon: Replace,
          shortcut: 'Mod+Shift+H',
          run: () => setOpen(true),
        },
      ],
      [],
    ),
  );
  return open ? <OpenFindBar store={store} onReveal={onReveal} onClose={() => setOpen(false)} /> : null;
}

function OpenFindBar({ store, onReveal, onClose }: FindBarProps & { readonly onClose: () => void }) {
  const { cells } = useDocument(store);
  const toast = useToast();
  const [request, setRequest] = useState<FindRequest>({ text: '', matchCase: false, regex: false });
  const [replacement, setReplacement] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const { matches, problem } = useMemo(() => findMatches(cells, request), [cells, request]);
  const current = Math.min(at, Math.max(0, matches.length - 1));
  useEffect(() => field.current?.focus(), []);

  const go = (step: number) => {
    if (matches.length === 0) return;
    const next = (current + step + matches.length) % matches.length;
    setAt(next);
    const match = matches[next];
    if (match === undefined) return;
    onReveal(match);
    field.current?.focus();
  };
  const replace = (chosen: readonly Match[]) => {
    if (chosen.length === 0) return;
    const document = store.document();
    const changed = replaceMatches(document.cells, chosen, request, replacement);
    store.edit({ type: 'content', document: { ...document, cells: changed } });
    if (chosen.length > 1)
      toast({ title: `${chosen.length} places replaced.`, description: 'z between cells takes it back.' });
  };
  const onKey = (event: KeyboardEvent, onEnter: () => void) => {
    if (event.key === 'Enter') onEnter();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const change = (part: Partial<FindRequest>) => {
    setRequest({ ...request, ...part });
    setAt(0);
  };

  return (
    <search
      aria-label="Find and replace in all cells"
      className="flex flex-wrap items-center gap-2 border-b bg-canvas px-4 py-1.5"
    >
      <TextField
        ref={field}
        aria-label="Find"
        placeholder="Find in all cells"
        value={request.text}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={(event) => onKey(event, () => go(event.shiftKey ? -1 : 1))}
        className="w-64"
      />
      <IconButton
        label="Match case"
        icon={CaseSensitive}
        aria-pressed={request.matchCase}
        onClick={() => change({ matchCase: !request.matchCase })}
      />
      <IconButton
        label="Regular expression"
        icon={Regex}
        aria-pressed={request.regex}
        onClick={() => change({ regex: !request.regex })}
      />
      <p role="status" className="w-24 shrink-0 text-xs text-ink-2 tabular-nums">
        {countText(request, matches, current)}
      </p>
      <IconButton label="Previous" icon={ArrowUp} disabled={matches.length === 0} onClick={() => go(-1)} />
      <IconButton label="Next" icon={ArrowDown} disabled={matches.length === 0} onClick={() => go(1)} />
      <TextField
        aria-label="Replace with"
        placeholder="Replace with"
        value={replacement}
        onChange={(event) => setReplacement(event.target.value)}
        onKeyDown={(event) => onKey(event, () => replace(matches.slice(current, current + 1)))}
        className="w-52"
      />
      <IconButton
        label="Replace"
        icon={Replace}
        disabled={matches.length === 0}
        onClick={() => replace(matches.slice(current, current + 1))}
      />
      <IconButton
        label="Replace all"
        icon={ReplaceAll}
        disabled={matches.length === 0}
        onClick={() => replace(matches)}
      />
      <div className="flex-1" />
      <IconButton label="Close" icon={X} onClick={onClose} />
      {problem !== null && (
        <p role="alert" className="w-full text-xs text-bad">
          {problem}
        </p>
      )}
    </search>
  );
}

function countText({ text }: FindRequest, matches: readonly Match[], current: number): string {
  if (text === '') return '';
  return matches.length === 0 ? 'Not found' : `${current + 1} of ${matches.length}`;
}
