import { useState } from 'react';
import type { MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { CommitSummaries } from '#web/components/refs/commit-summaries.tsx';
import { Skeleton, SkeletonRows } from '#web/components/skeleton.tsx';
import { TabPanel, Tabs } from '#web/components/tabs.tsx';
import { isAppError } from '#shared/errors/app-error.ts';
import type { RowLook } from '#web/lib/row-look.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { GitCommitHorizontal, GitPullRequestArrow } from 'lucide-react';
import { useChangeRequest } from '../api/change-merge-request.ts';
import { useMergeRequest } from '../api/get-merge-request.ts';
import type { RequestSlots } from '../model/request-slots.ts';
import { MergeBox } from './merge-box.tsx';
import { RequestForm } from './request-form.tsx';
import { RequestHeader } from './request-header.tsx';
import { RequestSide } from './request-side.tsx';

export type RequestTab = 'overview' | 'changes' | 'commits';

/** What of a request is looked at; kept in the URL. */
export interface RequestView {
  readonly tab: RequestTab;
  readonly table: string | undefined;
  readonly rows: RowLook | undefined;
}

export interface MergeRequestPageProps extends RequestView {
  readonly id: number;
  readonly onView: (view: Partial<RequestView>) => void;
  readonly slots: RequestSlots;
  readonly onCommit: (ref: string, hash: string) => void;
  readonly onList: () => void;
  /** Says what was done, with the way back. */
  readonly announce: (title: string, move: { readonly ref: string; readonly after: string | null }) => void;
  /** Deletes the source, once it is merged; undefined where it is gone, has moved on, or has to stay. */
  readonly deleteSource: (request: MergeRequestDetail) => (() => void) | undefined;
}

/** A merge request as a forge shows one: what it says, what it brings, what was said of it, and merging it. */
export function MergeRequestPage(props: MergeRequestPageProps) {
  const request = useMergeRequest(props.id);
  if (request.data !== undefined) return <Loaded {...props} request={request.data} />;
  if (request.isPending) return <LoadingRequest />;
  if (isAppError(request.error, 'NOT_FOUND')) {
    return (
      <EmptyState
        page
        icon={GitPullRequestArrow}
        title={`There is no merge request #${props.id}`}
        action={<Button onClick={props.onList}>All merge requests</Button>}
        className="flex-1"
      >
        The number may be mistyped; merge requests are never deleted.
      </EmptyState>
    );
  }
  return (
    <ErrorState
      error={request.error}
      title="The merge request could not be read."
      onRetry={() => void request.refetch()}
    />
  );
}

function Loaded({ request, ...props }: MergeRequestPageProps & { readonly request: MergeRequestDetail }) {
  const { tab, table, rows, onView, slots, onCommit } = props;
  const { diffFrom, diffTo, commits, ahead, source } = request;
  const [editing, setEditing] = useState(false);
  const change = useChangeRequest(request.id);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <RequestHeader request={request} onEdit={() => setEditing(true)} />
      <Tabs
        label="Parts of the merge request"
        value={tab}
        onChange={(next) => onView({ tab: next })}
        tabs={[
          { value: 'overview', label: 'Overview' },
          { value: 'changes', label: 'Changes' },
          { value: 'commits', label: `Commits (${formatInteger(ahead)})` },
        ]}
        className="flex-1"
      >
        <TabPanel value="overview" className="flex flex-wrap items-start gap-6 px-4 py-4">
          <div className="flex max-w-240 min-w-100 flex-1 flex-col gap-4">
            <section aria-label="Description" className="max-w-180 break-words">
              {request.description === '' ? (
                <p className="text-ink-3">No description.</p>
              ) : (
                slots.renderText(request.description)
              )}
            </section>
            <MergeBox
              key={request.status}
              request={request}
              announce={props.announce}
              onDeleteSource={props.deleteSource(request)}
              onCommit={onCommit}
            />
          </div>
          <RequestSide request={request} />
        </TabPanel>
        <TabPanel value="changes" className="flex flex-col">
          {diffFrom === null || diffTo === null ? (
            <EmptyState icon={GitCommitHorizontal} title="Nothing to compare" className="flex-1">
              {diffTo === null
                ? `The branch ${source} is gone, and with it what it changed. Its moves are under History.`
                : 'The two branches have no commit in common.'}
            </EmptyState>
          ) : (
            slots.renderChanges({
              source: diffTo,
              target: diffFrom,
              table,
              onTable: (next) => onView({ table: next, rows: undefined }),
              rows,
              onRows: (next) => onView({ rows: next }),
            })
          )}
        </TabPanel>
        <TabPanel value="commits">
          {commits.length === 0 ? (
            <EmptyState icon={GitCommitHorizontal} title="No commits" className="h-full">
              {source} has no commit that {request.target} has not.
            </EmptyState>
          ) : (
            <CommitSummaries commits={commits} onOpen={(hash) => onCommit(diffTo ?? source, hash)} />
          )}
          {commits.length < ahead && (
            <p className="px-4 py-2 text-ink-3">
              And {countOf(ahead - commits.length, 'older commit')}, under History.
            </p>
          )}
        </TabPanel>
      </Tabs>
      <Dialog open={editing} onOpenChange={setEditing} title={`Edit #${request.id}`} className="w-160">
        {editing && (
          <RequestForm
            initial={request}
            action={change.isPending ? 'Saving…' : 'Save'}
            pending={change.isPending}
            error={change.error}
            onSubmit={(words) =>
              change.mutate({ ...words, version: request.version }, { onSuccess: () => setEditing(false) })
            }
          />
        )}
      </Dialog>
    </div>
  );
}

function LoadingRequest() {
  return (
    <div aria-hidden className="flex flex-col">
      <div className="flex flex-col gap-2 px-4 pt-4 pb-3">
        <Skeleton className="h-5 w-96" />
        <Skeleton className="h-4 w-64" />
      </div>
      <div className="flex h-9 items-center gap-4 border-b px-4">
        <Skeleton className="h-3 w-16" />
        <Skeleton className="h-3 w-16" />
        <Skeleton className="h-3 w-20" />
      </div>
      <div className="flex gap-6 px-4 py-4">
        <div className="flex max-w-240 flex-1 flex-col gap-3">
          <Skeleton className="h-3 w-120" />
          <Skeleton className="h-3 w-80" />
          <Skeleton className="mt-2 h-32" />
        </div>
        <SkeletonRows count={5} className="w-80" />
      </div>
    </div>
  );
}
