import { GitBranchPlus, GitCompareArrows, Search } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { RefInfo, RefList } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useDeleteRef, useUpdateRef } from '../api/change-ref.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { CreateRefForm, RenameRefForm } from './ref-form.tsx';
import { RefRow, type RefActions } from './ref-row.tsx';

interface BranchesPageProps {
  readonly list: RefList;
  /** Name of the branch or tag that the page reads. */
  readonly here: string;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onCompare: (source: string) => void;
  readonly onHistory: (name: string) => void;
}

/** Every branch and tag: what is on it, how far it is from the default branch, and all that can be done with it. */
export function BranchesPage({ list, here, filter, onFilter, onCompare, onHistory }: BranchesPageProps) {
  const { expression, missing, go } = useCurrentRef();
  const [creating, setCreating] = useState(false);
  const [renaming, setRenaming] = useState<RefInfo | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const announce = useUndoToast();
  const actions = useRefActions({ list, here, onCompare, onHistory, onRename: setRenaming });
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
      <Dialog
        open={renaming !== null}
        onOpenChange={(open) => !open && setRenaming(null)}
        title={`Rename ${renaming?.name ?? ''}`}
        className="w-96"
      >
        {renaming !== null && (
          <RenameRefForm
            target={renaming}
            onDone={(renamed) => {
              setRenaming(null);
              if (renaming.name === here) go(renamed.name);
              announce(
                `${renaming.name} is ${renamed.name} now.`,
                { ref: renamed.name, after: renamed.hash },
                () => renaming.name === here && go(renaming.name),
              );
            }}
          />
        )}
      </Dialog>
    </div>
  );
}

interface RefTableProps {
  readonly type: RefInfo['type'];
  readonly refs: readonly RefInfo[];
  readonly base: RefInfo | undefined;
  readonly here: string;
  readonly actions: RefActions;
  readonly onMove: (event: KeyboardEvent) => void;
}

function RefTable({ type, refs, base, here, actions, onMove }: RefTableProps) {
  if (refs.length === 0) return null;
  const name = type === 'TAG' ? 'Tags' : 'Branches';
  return (
    <table aria-label={name} className="mb-4 w-full table-fixed border-collapse">
      <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
        <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
          <th scope="col" className="pl-4">
            {name}
          </th>
          <th scope="col" className="pl-4">
            Last commit
          </th>
          <th scope="col" className="w-36 pl-4">
            Author
          </th>
          <th scope="col" className="w-32 pl-4">
            Moved
          </th>
          <th scope="col" className="w-28 pl-4">
            Commit
          </th>
          <th scope="col" className="w-32 truncate pl-4">
            From {base?.name}
          </th>
          <th scope="col" className="w-12">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {refs.map((ref) => (
          <RefRow
            key={ref.name}
            target={ref}
            base={base}
            here={ref.name === here}
            actions={actions}
            onMove={onMove}
          />
        ))}
      </tbody>
    </table>
  );
}

interface ActionsInput extends Pick<BranchesPageProps, 'list' | 'here' | 'onCompare' | 'onHistory'> {
  readonly onRename: (ref: RefInfo) => void;
}

function useRefActions({ list, here, onCompare, onHistory, onRename }: ActionsInput): RefActions {
  const { go } = useCurrentRef();
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: remove } = useDeleteRef();
  const { mutate: update } = useUpdateRef();
  const failed = (title: string) => (error: unknown) =>
    void toast({ title, description: errorMessage(error), tone: 'bad' });
  return {
    switchTo: (ref) => go(ref.name),
    compare: (ref) => onCompare(ref.name),
    history: (ref) => onHistory(ref.name),
    rename: onRename,
    protect: (ref) => {
      const on = ref.protection.length === 0;
      const change = { protection: on ? (['DELETE', 'RESET', 'COMMIT'] as const).slice() : [] };
      update(
        { ref: ref.name, change },
        {
          onSuccess: () =>
            void toast(
              on
                ? {
                    title: `${ref.name} is protected.`,
                    description: 'It takes merges alone: no other commits, no reset, no deletion.',
                  }
                : { title: `${ref.name} is no longer protected.` },
            ),
          onError: failed(`The protection of ${ref.name} did not change.`),
        },
      );
    },
    remove: (ref) =>
      remove(ref, {
        onSuccess: () => {
          if (ref.name === here) go(list.defaultBranch);
          announce(
            `${ref.type === 'TAG' ? 'Tag' : 'Branch'} ${ref.name} is deleted.`,
            { ref: ref.name, after: null },
            () => ref.name === here && go(ref.name),
          );
        },
        onError: failed(`${ref.name} was not deleted.`),
      }),
  };
}

function summary({ refs }: RefList): string {
  const tags = refs.filter(({ type }) => type === 'TAG').length;
  const branches = countOf(refs.length - tags, 'branch', 'branches');
  return tags === 0 ? branches : `${branches}, ${countOf(tags, 'tag')}`;
}
