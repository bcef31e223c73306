import { GitPullRequestArrow, GitPullRequestClosed, Pencil } from 'lucide-react';
import { useMemo } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { Button } from '#web/components/button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { useChangeRequest } from '../api/change-merge-request.ts';
import { BranchPath, RequestBadge } from './request-badge.tsx';

interface RequestHeaderProps {
  readonly request: MergeRequestDetail;
  readonly onEdit: () => void;
}

/** What it is about, whose it is, where it stands; editing, closing and opening it again. */
export function RequestHeader({ request, onEdit }: RequestHeaderProps) {
  const { id, title, status, source, target, author, createdAt, version } = request;
  const open = status === 'OPEN';
  const toast = useToast();
  const { mutate: change, isPending } = useChangeRequest(id);
  const { close, reopen } = useMemo(() => {
    const failed = (title: string) => (error: unknown) =>
      void toast({ title, description: errorMessage(error), tone: 'bad' });
    const openAgain = (from: number) =>
      change(
        { status: 'OPEN', version: from },
        {
          onSuccess: () => void toast({ title: `#${id} is open again.` }),
          onError: failed(`#${id} was not opened again.`),
        },
      );
    const shut = (from: number) =>
      change(
        { status: 'CLOSED', version: from },
        {
          onSuccess: (closed) =>
            void toast({
              title: `#${id} is closed.`,
              action: { label: 'Undo', run: () => openAgain(closed.version) },
            }),
          onError: failed(`#${id} was not closed.`),
        },
      );
    return { close: shut, reopen: openAgain };
  }, [change, toast, id]);
  const turn = open ? close : reopen;
  const editable = open || status === 'CLOSED';
  useCommands(
    useMemo(
      () =>
        editable
          ? [
              {
                id: 'merge-request.edit',
                title: 'Edit the merge request…',
                group: 'This merge request',
                icon: Pencil,
                shortcut: 'Alt+E',
                run: onEdit,
              },
              {
                id: 'merge-request.close',
                title: open ? 'Close it without merging' : 'Open it again',
                group: 'This merge request',
                icon: open ? GitPullRequestClosed : GitPullRequestArrow,
                run: () => turn(version),
              },
            ]
          : [],
      [editable, open, onEdit, turn, version],
    ),
  );
  return (
    <header className="flex shrink-0 items-start gap-3 px-4 pt-4 pb-2">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h1 className="text-base font-semibold break-words">
          {title} <span className="font-normal text-ink-3">#{id}</span>
        </h1>
        <div className="flex min-w-0 items-center gap-3">
          <RequestBadge status={status} />
          <BranchPath source={source} target={target} className="shrink" />
          <span className="min-w-0 shrink-10 truncate text-ink-3">
            {author}, <RelativeTime time={createdAt} />
          </span>
        </div>
      </div>
      {editable && (
        <>
          <Button onClick={onEdit} aria-keyshortcuts="Alt+E">
            <Pencil aria-hidden className="size-4" strokeWidth={1.75} />
            Edit…
          </Button>
          <Button disabled={isPending} onClick={() => turn(version)}>
            {open ? 'Close' : 'Open again'}
          </Button>
        </>
      )}
    </header>
  );
}
