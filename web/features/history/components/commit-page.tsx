import { GitCommitHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { Skeleton, SkeletonTable } from '#web/components/skeleton.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { useCommit } from '../api/get-commit.ts';

interface CommitPageProps {
  readonly hash: string;
  /** Of a merge: which parent it is compared with, from 1; kept in the URL. */
  readonly parent: number;
  readonly onParent: (parent: number) => void;
  /** To the commit in history. */
  readonly onHistory: () => void;
  /** To all of history, where there is no such commit. */
  readonly onAll: () => void;
  /** Tables that differ between a commit and its parent, with their rows. */
  readonly renderChanges: (source: string, target: string) => ReactNode;
}

/** What one commit changed, down to the rows. */
export function CommitPage(props: CommitPageProps) {
  const commit = useCommit(props.hash);
  if (isAppError(commit.error, 'REF_NOT_FOUND') || isAppError(commit.error, 'COMMIT_NOT_FOUND'))
    return (
      <EmptyState
        page
        icon={GitCommitHorizontal}
        title={`There is no commit ${shortHash(props.hash)}`}
        action={<Button onClick={props.onAll}>History</Button>}
        className="flex-1 break-words"
      >
        {errorMessage(commit.error)}
      </EmptyState>
    );
  if (commit.isError) {
    return (
      <ErrorState
        error={commit.error}
        title="The commit could not be read."
        onRetry={() => void commit.refetch()}
        action={<Button onClick={props.onHistory}>History</Button>}
      />
    );
  }
  if (commit.data === undefined) {
    return (
      <div>
        <div className="flex h-[77px] flex-col gap-2 border-b px-4 pt-4.5">
          <Skeleton className="h-4 w-96" />
          <Skeleton className="mt-1.5 h-3 w-56" />
        </div>
        <SkeletonTable rows={4} columns={5} />
      </div>
    );
  }
  return <Loaded {...props} entry={commit.data} />;
}

function Loaded({ entry, ...props }: CommitPageProps & { readonly entry: LogEntry }) {
  const { hash, message, author, time, parents } = entry;
  const at = Math.min(props.parent, Math.max(parents.length, 1));
  const parent = parents[at - 1];
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="flex shrink-0 items-start gap-3 border-b px-4 pt-4 pb-3">
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <h1 className="text-base font-semibold break-words">{message}</h1>
          <div className="flex min-w-0 items-center gap-3 text-ink-3">
            <span className="min-w-0 truncate">
              {author}, <RelativeTime time={time} />
            </span>
            <CopyText text={hash} shown={shortHash(hash)} what="commit hash" className="shrink-0" />
          </div>
        </div>
        {parents.length > 1 && (
          <Segmented
            label="Compared with"
            value={String(at)}
            onChange={(next) => props.onParent(Number(next))}
            options={parents.map((each, index) => ({
              value: String(index + 1),
              label: `parent ${index + 1}, ${shortHash(each)}`,
            }))}
          />
        )}
        <Button onClick={props.onHistory}>In history</Button>
      </header>
      {parent === undefined ? (
        <EmptyState icon={GitCommitHorizontal} title="The first commit" className="flex-1">
          There is nothing before it to compare it with.
        </EmptyState>
      ) : (
        props.renderChanges(hash, parent)
      )}
    </div>
  );
}
