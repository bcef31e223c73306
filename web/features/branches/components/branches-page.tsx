import { GitBranchPlus, GitCompareArrows, Search } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { RefList } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useRefActions } from '../model/use-ref-actions.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { RefDialogs, type AskedOfRef } from './ref-dialogs.tsx';
import { CreateRefForm } from './ref-form.tsx';
import { RefTable } from './ref-table.tsx';

interface BranchesPageProps {
  readonly list: RefList;
  /** Name of the branch or tag that the page reads. */
  readonly here: string;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onCompare: (source: string) => void;
  readonly onPropose: (source: string) => void;
  readonly onHistory: (name: string) => void;
}

/** Every branch and tag: what is on it, how far it is from the default branch, and all that can be done with it. */
export function BranchesPage(props: BranchesPageProps) {
  const { list, here, filter, onFilter, onCompare, onPropose, onHistory } = props;
  const { expression, missing, go } = useCurrentRef();
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<AskedOfRef | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const announce = useUndoToast();
  const actions = useRefActions({
    defaultBranch: list.defaultBranch,
    here,
    onCompare,
    onPropose,
    onHistory,
    onAsk: (question, ref) => setAsked({ question, ref }),
  });
  const base = list.refs.find((ref) => ref.name === list.defaultBranch);
  const shown = useMemo(() => {
    const text = filter.trim().toLowerCase();
    const found = list.refs.filter((ref) =>
      [ref.name, ref.head?.message, ref.head?.author].some((each) => each?.toLowerCase().includes(text)),
    );
    // The default branch first; then what moved last.
    return found.toSorted(
      (a, b) =>
        Number(b.name === list.defaultBranch) - Number(a.name === list.defaultBranch) ||
        (b.head?.time ?? '').localeCompare(a.head?.time ?? ''),
    );
  }, [list, filter]);

  useCommands(
    useMemo(
      () => [
        {
          id: 'branches.new',
          title: 'New branch or tag…',
          group: 'Branches',
          icon: GitBranchPlus,
          shortcut: 'Alt+B',
          run: () => setCreating(true),
        },
      ],
      [],
    ),
  );

  const rows = () => [...(body.current?.querySelectorAll<HTMLElement>('th button') ?? [])];
  const onMove = (event: KeyboardEvent) => {
    const all = rows();
    const next = listMove(event, all.indexOf(event.currentTarget as HTMLElement), all.length);
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 items-center gap-2 px-4 pt-4 pb-3">
        <div className="mr-auto flex min-w-0 items-baseline gap-3">
          <h1 className="text-base font-semibold">Branches</h1>
          <span className="truncate text-ink-3">{summary(list)}</span>
        </div>
        <SearchField
          label="Find a branch or tag"
          placeholder="Name, message or author…"
          value={filter}
          onChange={onFilter}
          onEnterList={() => rows()[0]?.focus()}
          className="w-64"
        />
        <Button onClick={() => onCompare(here)}>
          <GitCompareArrows aria-hidden className="size-4" strokeWidth={1.75} />
          Compare and merge…
        </Button>
        <Button look="primary" onClick={() => setCreating(true)} aria-keyshortcuts="Alt+B">
          <GitBranchPlus aria-hidden className="size-4" strokeWidth={1.75} />
          New branch…
        </Button>
      </header>
      <div ref={body} className="min-h-0 flex-1 overflow-y-auto">
        {shown.length === 0 ? (
          <EmptyState
            icon={Search}
            title="No branch or tag matches"
            action={<Button onClick={() => onFilter('')}>Show all</Button>}
            className="h-full"
          >
            No name, message or author has “{filter}”.
          </EmptyState>
        ) : (
          (['BRANCH', 'TAG'] as const).map((type) => (
            <RefTable
              key={type}
              type={type}
              refs={shown.filter((ref) => ref.type === type)}
              base={base}
              here={here}
              actions={actions}
              onMove={onMove}
            />
          ))
        )}
      </div>
      <Dialog open={creating} onOpenChange={setCreating} title="New branch or tag" className="w-96">
        <CreateRefForm
          refs={list.refs}
          from={missing ? list.defaultBranch : expression}
          onDone={(made) => {
            setCreating(false);
            if (made.type === 'BRANCH') go(made.name);
            announce(
              made.type === 'BRANCH'
                ? `Branch ${made.name} is made, and you are on it.`
                : `Tag ${made.name} is made.`,
              { ref: made.name, after: made.hash },
              () => go(list.defaultBranch),
            );
          }}
        />
      </Dialog>
      <RefDialogs
        asked={asked}
        refs={list.refs}
        defaultBranch={list.defaultBranch}
        here={here}
        onClose={() => setAsked(null)}
      />
    </div>
  );
}

function summary({ refs }: RefList): string {
  const tags = refs.filter(({ type }) => type === 'TAG').length;
  const branches = countOf(refs.length - tags, 'branch', 'branches');
  return tags === 0 ? branches : `${branches}, ${countOf(tags, 'tag')}`;
}
