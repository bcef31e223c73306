import { CircleAlert, CircleCheck, GitMerge, LoaderCircle } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { CompareResult, LandResult } from '#shared/contract/merges.ts';
import { Button } from '#web/components/button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useLand, useRehearsal, type Landing } from '../api/land.ts';
import type { Choice } from '../model/conflict-text.ts';
import { MERGE_KINDS, mergeOptions, rehearsalText, type MergeKind } from '../model/merge-kinds.ts';
import { shortRef } from '../model/short-ref.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { ConflictList } from './conflict-list.tsx';

interface MergePanelProps {
  readonly source: string;
  readonly target: string;
  readonly compare: CompareResult | undefined;
}

/** What merging would do, the decisions that it needs, and the button that does it. */
export function MergePanel({ source, target, compare }: MergePanelProps) {
  const [kind, setKind] = useState<MergeKind>('merge');
  const [message, setMessage] = useState('');
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const button = useRef<HTMLButtonElement>(null);
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: merge, isPending: merging } = useLand();

  const bare: Landing = {
    kind: 'merge',
    branch: target,
    request: { from: source, ...mergeOptions(kind) },
  };
  // Without choices it says what has to be decided; with them, whether all is.
  const undecided = useRehearsal(bare);
  const conflicts = undecided.data?.conflicts ?? [];
  const decided = conflicts.length > 0 && conflicts.every(({ key }) => choices.has(key));
  const landing: Landing = {
    ...bare,
    request: {
      ...bare.request,
      ...(message.trim() === '' ? {} : { message: message.trim() }),
      choices: conflicts.flatMap(({ key }) => {
        const choice = choices.get(key);
        return choice === undefined ? [] : [{ key, choice }];
      }),
    },
  };
  const withChoices = useRehearsal(
    { ...landing, request: { ...landing.request, message: undefined } },
    decided,
  );
  const rehearsal = decided ? withChoices : undecided;
  const result = rehearsal.data;
  const stale = rehearsal.isPlaceholderData;
  const ready = !stale && !merging && (result?.outcome === 'COMMITTED' || result?.outcome === 'FAST_FORWARD');

  const run = () =>
    merge(
      // What was rehearsed is what lands: not where the branch has moved since.
      { ...landing, request: { ...landing.request, expectedHash: result?.before } },
      {
        onSuccess: (landed) => {
          if (!landed.applied) {
            toast({
              title: 'Nothing was merged.',
              description: rehearsalText(landed, shortRef(source)),
              tone: 'bad',
            });
            return;
          }
          setMessage('');
          setChoices(new Map());
          announce(
            `${shortRef(source)} is merged into ${target}: ${countOf(landed.changeCount, 'change')}.`,
            {
              ref: target,
              after: landed.after,
            },
          );
        },
        onError: (error) =>
          toast({ title: 'Nothing was merged.', description: errorMessage(error), tone: 'bad' }),
      },
    );
  useCommands(
    useMemo(
      () => [
        {
          id: 'compare.merge',
          title: `Merge ${shortRef(source)} into ${target}`,
          group: 'Branches',
          icon: GitMerge,
          shortcut: 'Mod+Enter',
          run: () => button.current?.click(),
        },
      ],
      [source, target],
    ),
  );

  return (
    <section aria-label="Merge" className="mx-4 mb-3 shrink-0 rounded-md border">
      <form
        className="flex flex-wrap items-center gap-3 px-3 py-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) run();
        }}
      >
        <Segmented label="Kind of merge" value={kind} onChange={setKind} options={MERGE_KINDS} />
        <TextField
          aria-label="Message of the merge"
          placeholder={
            kind === 'fast-forward'
              ? 'No new commit, no message'
              : `${kind === 'squash' ? 'Squash' : 'Merge'} ${shortRef(source)} into ${target}`
          }
          disabled={kind === 'fast-forward'}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          className="w-auto min-w-48 flex-1 disabled:opacity-60"
        />
        <Button look="primary" type="submit" disabled={!ready} ref={button} aria-keyshortcuts="Control+Enter">
          <GitMerge aria-hidden className="size-4" strokeWidth={1.75} />
          {merging ? 'Merging…' : `Merge into ${target}`}
        </Button>
        <p className="basis-full text-xs text-ink-3">
          {MERGE_KINDS.find(({ value }) => value === kind)?.says}
          {compare !== undefined &&
            ` ${shortRef(source)} is ${countOf(compare.ahead, 'commit')} ahead of ${target} and ${countOf(compare.behind, 'commit')} behind.`}
        </p>
      </form>
      <Outcome
        text={
          rehearsal.isError
            ? errorMessage(rehearsal.error)
            : result === undefined
              ? 'Trying it out…'
              : rehearsalText(result, shortRef(source))
        }
        state={rehearsal.isError ? 'bad' : result === undefined || stale ? 'busy' : stateOf(result)}
      />
      {conflicts.length > 0 && (
        <ConflictList
          conflicts={conflicts}
          source={shortRef(source)}
          target={target}
          choices={choices}
          onChoose={(key, choice) => setChoices(new Map(choices).set(key, choice))}
          onChooseAll={(choice) =>
            setChoices(
              new Map(
                conflicts.flatMap(({ key, choices: open }) =>
                  open.includes(choice) ? [[key, choice] as const] : [],
                ),
              ),
            )
          }
        />
      )}
    </section>
  );
}

type State = 'good' | 'quiet' | 'warn' | 'bad' | 'busy';

function stateOf({ outcome }: LandResult): State {
  if (outcome === 'COMMITTED' || outcome === 'FAST_FORWARD') return 'good';
  return outcome === 'UP_TO_DATE' ? 'quiet' : 'warn';
}

const LOOKS = {
  good: { icon: CircleCheck, className: 'text-good' },
  quiet: { icon: CircleCheck, className: 'text-ink-3' },
  warn: { icon: CircleAlert, className: 'text-warn' },
  bad: { icon: CircleAlert, className: 'text-bad' },
  busy: { icon: LoaderCircle, className: 'text-ink-3 animate-spin' },
} as const;

function Outcome({ text, state }: { text: string; state: State }) {
  const { icon: Icon, className } = LOOKS[state];
  return (
    <output aria-label="Result of the dry run" className="flex items-start gap-2 border-t px-3 py-2">
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', className)} strokeWidth={1.75} />
      <span className="min-w-0 break-words">{text}</span>
    </output>
  );
}
