import { Check, MessageCircleWarning, Play } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { TextArea } from '#web/components/text-area.tsx';
import { useToast } from '#web/components/toast.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useAuthorName } from '#web/lib/author.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useApprove, useRunChecks } from '../api/change-merge-request.ts';
import { NOT_RUN, VERDICT_LOOKS, checkLines, reviewLines, type CheckLine } from '../model/request-state.ts';

/** What people and checks say of it. */
export function RequestSide({ request }: { request: MergeRequestDetail }) {
  const open = request.status === 'OPEN' && request.diffTo !== null;
  return (
    <aside aria-label="Reviews and checks" className="flex w-80 shrink-0 flex-col gap-4">
      <Reviews request={request} open={open} />
      <Checks request={request} open={open} />
    </aside>
  );
}

interface PartProps {
  readonly request: MergeRequestDetail;
  readonly open: boolean;
}

function Reviews({ request, open }: PartProps) {
  const { id, author, requiredApprovals, approvals } = request;
  const me = useAuthorName();
  const [comment, setComment] = useState('');
  const toast = useToast();
  const approveButton = useRef<HTMLButtonElement>(null);
  const { mutate: say, isPending } = useApprove(id);
  const lines = reviewLines(request);
  const given = approvals.filter(({ current, state }) => current && state === 'PASSED').length;
  const judge = (approve: boolean) =>
    say(
      { approve, comment: comment.trim() },
      {
        onSuccess: () => setComment(''),
        onError: (error) =>
          void toast({ title: 'That was not taken.', description: errorMessage(error), tone: 'bad' }),
      },
    );
  useCommands(
    useMemo(
      () =>
        open
          ? [
              {
                id: 'merge-request.approve',
                title: 'Approve the merge request',
                group: 'This merge request',
                icon: Check,
                shortcut: 'Alt+A',
                run: () => approveButton.current?.click(),
              },
            ]
          : [],
      [open],
    ),
  );
  return (
    <section aria-label="Reviews">
      <h2 className="mb-1 flex justify-between gap-2 font-medium">
        Reviews
        <span className="font-normal text-ink-3">
          {requiredApprovals === 0
            ? 'none needed'
            : `${formatInteger(given)} of ${countOf(requiredApprovals, 'approval')}`}
        </span>
      </h2>
      {lines.length === 0 && <p className="py-1 text-ink-3">Nobody has said anything yet.</p>}
      <ul>
        {lines.map(({ name, state, current, word, summary, time }) => {
          const { icon: Icon, look } = VERDICT_LOOKS[state];
          return (
            <li key={name} className="border-b py-1.5 last:border-b-0">
              <p className="flex items-center gap-2">
                <Icon
                  aria-hidden
                  className={cn('size-4 shrink-0', current ? look : 'text-ink-3')}
                  strokeWidth={1.75}
                />
                <span className="min-w-0 flex-1 truncate" title={`${name} ${word}`}>
                  <span className="font-medium">{name}</span> <span className="text-ink-2">{word}</span>
                </span>
                <RelativeTime time={time} className="shrink-0 text-xs text-ink-3" />
              </p>
              {summary !== '' && <p className="pl-6 break-words whitespace-pre-wrap text-ink-2">{summary}</p>}
            </li>
          );
        })}
      </ul>
      {open && (
        <div className="mt-2 flex flex-col gap-2">
          <TextArea
            aria-label="Comment of the review"
            rows={2}
            placeholder="Comment…"
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <div className="flex gap-2">
            <Button
              ref={approveButton}
              disabled={isPending}
              onClick={() => judge(true)}
              title="Approves what the source has now; what comes later needs it anew"
              aria-keyshortcuts="Alt+A"
            >
              <Check aria-hidden className="size-4 text-good" strokeWidth={1.75} />
              Approve
            </Button>
            <Button disabled={isPending} onClick={() => judge(false)}>
              <MessageCircleWarning aria-hidden className="size-4 text-warn" strokeWidth={1.75} />
              Ask for changes
            </Button>
          </div>
          <p className="text-xs text-ink-3">
            {me === ''
              ? 'You sign as whoever runs the server; your own name is set at the foot of the left bar.'
              : me === author
                ? `You opened it as ${me}: your approval counts only where the branch’s rule says so.`
                : `You sign as ${me}.`}
          </p>
        </div>
      )}
    </section>
  );
}

function Checks({ request, open }: PartProps) {
  const { mutate: run, isPending } = useRunChecks(request.id);
  const toast = useToast();
  const lines = checkLines(request);
  return (
    <section aria-label="Checks">
      <div className="mb-1 flex items-center justify-between gap-2">
        <h2 className="font-medium">Checks</h2>
        {open && (
          <IconButton
            icon={Play}
            label="Run the server’s checks"
            small
            disabled={isPending}
            onClick={() =>
              run(undefined, {
                onError: (error) =>
                  void toast({
                    title: 'The checks did not run.',
                    description: errorMessage(error),
                    tone: 'bad',
                  }),
              })
            }
          />
        )}
      </div>
      {lines.length === 0 && <p className="py-1 text-ink-3">No check is required, and none has run.</p>}
      <ul>
        {lines.map((line) => (
          <CheckItem key={line.name} line={line} />
        ))}
      </ul>
    </section>
  );
}

const CHECK_WORDS = { PASSED: 'passed', FAILED: 'failed', PENDING: 'is running' } as const;

function CheckItem({ line: { name, required, verdict, earlier } }: { line: CheckLine }) {
  const { icon: Icon, look } = verdict === undefined ? NOT_RUN : VERDICT_LOOKS[verdict.state];
  const word =
    verdict !== undefined
      ? CHECK_WORDS[verdict.state]
      : earlier === undefined
        ? 'has not run'
        : `${CHECK_WORDS[earlier.state]} at an earlier head`;
  const summary = verdict?.summary ?? '';
  return (
    <li className="border-b py-1.5 last:border-b-0">
      <p className="flex items-center gap-2">
        <Icon aria-hidden className={cn('size-4 shrink-0', look)} strokeWidth={1.75} />
        <span className="min-w-0 flex-1 truncate" title={`${name} ${word}`}>
          <span className="font-medium">{name}</span> <span className="text-ink-2">{word}</span>
        </span>
        {required && <span className="shrink-0 text-xs text-ink-3">required</span>}
      </p>
      {summary !== '' && <p className="pl-6 break-words whitespace-pre-wrap text-ink-2">{summary}</p>}
    </li>
  );
}
