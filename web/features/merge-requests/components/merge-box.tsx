import { CircleAlert, GitMerge, Trash2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { Button } from '#web/components/button.tsx';
import { ConflictList } from '#web/components/landing/conflict-list.tsx';
import { DryRunOutcome } from '#web/components/landing/dry-run-outcome.tsx';
import { rehearsalText } from '#web/components/landing/merge-kinds.ts';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import {
  useMergeRequestMerge,
  useRequestRehearsal,
  type MergeStrategy,
} from '../api/merge-request-landing.ts';
import type { MergeRequestPageProps } from './merge-request-page.tsx';

interface MergeBoxProps extends Pick<MergeRequestPageProps, 'announce' | 'onCommit'> {
  readonly request: MergeRequestDetail;
  readonly onDeleteSource: (() => void) | undefined;
}

/** Whether it can be merged, what is in the way, and the button; or what became of it. */
export function MergeBox(props: MergeBoxProps) {
  const { request, onDeleteSource, onCommit } = props;
  const { status, source, target, mergedHash, updatedAt } = request;
  if (status === 'OPEN' && request.diffTo !== null) return <OpenBox {...props} />;
  const merged = status === 'MERGED' && mergedHash !== null;
  return (
    <section aria-label="Merge" className="rounded-md border px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1">
          {merged ? (
            <>
              Merged into {target} as{' '}
              <button
                type="button"
                title={`${mergedHash}, in history`}
                onClick={() => onCommit(target, mergedHash)}
                className="rounded-sm font-mono text-xs text-accent-text hover:underline"
              >
                {shortHash(mergedHash)}
              </button>
              , <RelativeTime time={updatedAt} className="text-ink-3" />.
            </>
          ) : status === 'MERGING' ? (
            'Somebody is merging it right now.'
          ) : status === 'CLOSED' ? (
            <>
              Closed without merging, <RelativeTime time={updatedAt} className="text-ink-3" />.
            </>
          ) : (
            `The branch ${source} is gone, so there is nothing to merge. Bring it back under History, or close this.`
          )}
        </p>
        {merged && onDeleteSource !== undefined && (
          <Button small onClick={onDeleteSource}>
            <Trash2 aria-hidden className="size-3.5" strokeWidth={1.75} />
            <span className="max-w-60 truncate">Delete branch {source}</span>
          </Button>
        )}
      </div>
    </section>
  );
}

const STRATEGIES = [
  { value: 'MERGE', label: 'Merge commit' },
  { value: 'SQUASH', label: 'Squash' },
] as const;

const SAYS = {
  MERGE: 'Keeps each commit, and adds one that joins the two.',
  SQUASH: 'Lands all changes as one commit.',
} as const;

function OpenBox({ request, announce }: MergeBoxProps) {
  const { id, title, source, target, blockers } = request;
  const [strategy, setStrategy] = useState<MergeStrategy>('MERGE');
  const [message, setMessage] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const toast = useToast();
  const plan = useRequestRehearsal(request, strategy);
  const { mutateAsync: merge, isPending: merging } = useMergeRequestMerge();
  // What is in the target already is settled by merging, too: the request is then done.
  const ready = (plan.ready || plan.result?.outcome === 'UP_TO_DATE') && blockers.length === 0 && !merging;
  useCommands(
    useMemo(
      () => [
        {
          id: 'merge-request.merge',
          title: `Merge #${id} into ${target}`,
          group: 'This merge request',
          icon: GitMerge,
          shortcut: 'Mod+Enter',
          run: () => button.current?.click(),
        },
      ],
      [id, target],
    ),
  );
  const run = async () => {
    const failed = (description: string) =>
      void toast({ title: 'Nothing was merged.', description, tone: 'bad' });
    // This box is gone once the request is merged, and with it the callbacks of a mutation: a promise stays.
    try {
      const { result } = await merge({ request, strategy, plan, message });
      if (result.applied) {
        announce(`#${id} is merged into ${target}: ${countOf(result.changeCount, 'change')}.`, {
          ref: target,
          after: result.after,
        });
      } else if (result.outcome !== 'UP_TO_DATE') failed(rehearsalText(result, source));
    } catch (error) {
      failed(errorMessage(error));
    }
  };
  return (
    <section aria-label="Merge" className="rounded-md border">
      {blockers.length > 0 && (
        <ul aria-label="In the way" className="flex flex-col gap-1 border-b px-3 py-2">
          {blockers.map((blocker) => (
            <li key={blocker} className="flex items-start gap-2">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" strokeWidth={1.75} />
              <span className="min-w-0 break-words">{blocker}</span>
            </li>
          ))}
        </ul>
      )}
      <DryRunOutcome plan={plan} source={source} className="px-3 py-2" />
      <ConflictList plan={plan} source={source} target={target} className="border-t" />
      <form
        className="flex flex-wrap items-center gap-3 border-t px-3 py-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void run();
        }}
      >
        <Segmented label="Kind of merge" value={strategy} onChange={setStrategy} options={STRATEGIES} />
        <TextField
          aria-label="Message of the merge"
          placeholder={`${title} (merge request ${id})`}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          className="w-auto min-w-40 flex-1"
        />
        <Button ref={button} look="primary" type="submit" disabled={!ready} aria-keyshortcuts="Control+Enter">
          <GitMerge aria-hidden className="size-4" strokeWidth={1.75} />
          <span className="max-w-48 truncate">{merging ? 'Merging…' : `Merge into ${target}`}</span>
        </Button>
        <p className="basis-full text-xs text-ink-3">{SAYS[strategy]}</p>
      </form>
    </section>
  );
}
