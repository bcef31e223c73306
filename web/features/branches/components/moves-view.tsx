import { ArrowRight, Footprints, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { ReflogEntryInfo } from '#shared/contract/refs.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { useToast } from '#web/components/toast.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { useReflog, useRestore } from '../api/reflog.ts';
import { moveWord, undoText } from '../model/move-text.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';

/** Every move of a branch or tag, or of all of them, also of those that are gone; each can be undone. */
export function MovesView({ name }: { name: string }) {
  const [of, setOf] = useState<'this' | 'all'>('this');
  const reflog = useReflog(of === 'this' ? name : undefined);
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: restore, isPending } = useRestore();
  const entries = reflog.data?.pages.flatMap((page) => page.entries) ?? [];
  const undo = (entry: ReflogEntryInfo) =>
    restore(entry, {
      onSuccess: ({ undone }) =>
        announce(`A move of ${undone.ref} is undone: ${moveWord(undone)}.`, {
          ref: undone.ref,
          after: undone.before,
        }),
      onError: (error) =>
        toast({ title: 'The move was not undone.', description: errorMessage(error), tone: 'bad' }),
    });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-3 border-b px-4 py-2">
        <p className="min-w-0 flex-1 truncate text-ink-2">
          Each move can be undone, also a deletion, until retention forgets it.
        </p>
        <Segmented
          label="Moves of"
          value={of}
          onChange={setOf}
          options={[
            { value: 'this', label: name.length > 24 ? `${name.slice(0, 24)}…` : name },
            { value: 'all', label: 'All branches and tags' },
          ]}
        />
      </div>
      {reflog.isPending ? (
        <SkeletonTable rows={8} columns={4} />
      ) : reflog.isError ? (
        <ErrorState
          error={reflog.error}
          title="The moves could not be read."
          onRetry={() => void reflog.refetch()}
        />
      ) : entries.length === 0 ? (
        <EmptyState icon={Footprints} title="No moves yet" className="flex-1">
          Commits, merges, resets, renames and deletions of {name} are listed here.
        </EmptyState>
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <table aria-label="Moves" className="w-full table-fixed border-collapse">
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                <th scope="col" className="w-32 pl-4">
                  When
                </th>
                <th scope="col" className="w-28 pl-4">
                  Move
                </th>
                {of === 'all' && (
                  <th scope="col" className="w-40 pl-4">
                    Branch or tag
                  </th>
                )}
                <th scope="col" className="pl-4">
                  Message
                </th>
                <th scope="col" className="w-28 pl-4">
                  Author
                </th>
                <th scope="col" className="w-56 pl-4">
                  From and to
                </th>
                <th scope="col" className="w-12">
                  <span className="sr-only">Undo</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <MoveRow
                  key={entry.id}
                  entry={entry}
                  withRef={of === 'all'}
                  busy={isPending}
                  onUndo={() => undo(entry)}
                />
              ))}
            </tbody>
          </table>
          {reflog.hasNextPage && (
            <div className="px-4 py-2">
              <Button disabled={reflog.isFetchingNextPage} onClick={() => void reflog.fetchNextPage()}>
                {reflog.isFetchingNextPage ? 'Loading…' : 'Show older moves'}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface MoveRowProps {
  readonly entry: ReflogEntryInfo;
  readonly withRef: boolean;
  readonly busy: boolean;
  readonly onUndo: () => void;
}

function MoveRow({ entry, withRef, busy, onUndo }: MoveRowProps) {
  return (
    <tr className="h-7 border-b hover:bg-hover focus-within:bg-hover">
      <td className="truncate pl-4 text-ink-2">
        <RelativeTime time={entry.time} />
      </td>
      <td className="pl-4">
        <Badge tone={entry.operation === 'delete' || entry.operation === 'reset' ? 'bad' : 'neutral'}>
          {moveWord(entry)}
        </Badge>
      </td>
      {withRef && (
        <td className="truncate pl-4" title={entry.ref}>
          {entry.ref}
        </td>
      )}
      <td className="truncate pl-4" title={entry.message}>
        {entry.message}
      </td>
      <td className="truncate pl-4 text-ink-2" title={entry.author}>
        {entry.author}
      </td>
      <td className="pl-4">
        <span className="flex items-center gap-1">
          <End hash={entry.before} what="hash before" />
          <ArrowRight role="img" aria-label="to" className="size-3 shrink-0 text-ink-3" />
          <End hash={entry.after} what="hash after" />
        </span>
      </td>
      <td className="pr-3 text-right">
        <IconButton icon={Undo2} label={undoText(entry)} small side="left" disabled={busy} onClick={onUndo} />
      </td>
    </tr>
  );
}

function End({ hash, what }: { hash: string | null; what: string }) {
  if (hash === null) return <span className="w-20 text-ink-3">nothing</span>;
  return <CopyText text={hash} shown={shortHash(hash)} what={what} className="w-20" />;
}
