import { useState } from 'react';
import { cellName, type InputCell } from '#shared/contract/notebooks.ts';
import { cellsByName } from '#shared/notebook/graph.ts';
import type { RelationCell } from '#shared/notebook/named-cells.ts';
import { cn } from '#web/lib/class-names.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { relationWords } from '../model/relation-words.ts';

interface CellNameProps {
  readonly store: NotebookStore;
  readonly of: RelationCell | InputCell;
  /** "cell 3", for accessible names. */
  readonly cell: string;
}

/** What other cells call this one. A click renames it, and its uses with it. */
export function CellName({ store, of, cell }: CellNameProps) {
  const { id, name } = of;
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <button
        type="button"
        aria-label={name === undefined ? `Name ${cell}` : `Rename ${name}, ${cell}`}
        title={relationWords(of)}
        onClick={() => setDraft(name ?? '')}
        className={cn(
          'h-5 max-w-48 shrink-0 truncate rounded-sm px-1.5 font-mono text-xs hover:bg-hover',
          name === undefined ? 'text-ink-3' : 'bg-accent-soft text-accent-text',
        )}
      >
        {name ?? 'name'}
      </button>
    );
  }
  const problem = nameProblem(store, id, draft);
  const commit = () => {
    setDraft(null);
    if (problem === null && draft.trim() !== (name ?? '')) void store.rename(id, draft.trim());
  };
  return (
    <span className="flex min-w-0 items-center gap-2">
      <input
        aria-label={`Name of ${cell}`}
        aria-invalid={problem !== null}
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        spellCheck={false}
        value={draft}
        maxLength={63}
        size={Math.max(8, draft.length + 1)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          else if (event.key === 'Escape') setDraft(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="h-6 min-w-0 rounded-sm border border-line-strong bg-surface px-1.5 font-mono text-xs text-ink aria-invalid:border-bad"
      />
      {problem !== null && draft !== '' && <span className="truncate text-bad">{problem}</span>}
    </span>
  );
}

/** Why a cell can't be called so; null where it can. */
export function nameProblem(store: NotebookStore, id: string, name: string): string | null {
  const wanted = name.trim();
  if (wanted === '') return 'A name is at least one letter.';
  if (!cellName.safeParse(wanted).success) return 'Use letters, digits and _, and begin with no digit.';
  const others = cellsByName(store.document().cells.filter((cell) => cell.id !== id));
  return others.has(wanted.toLowerCase()) ? `Another cell is named ${wanted}.` : null;
}
