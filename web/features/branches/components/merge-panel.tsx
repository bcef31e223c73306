import { GitMerge } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { CompareResult } from '#shared/contract/merges.ts';
import { Button } from '#web/components/button.tsx';
import { ConflictList } from '#web/components/landing/conflict-list.tsx';
import { DryRunOutcome } from '#web/components/landing/dry-run-outcome.tsx';
import {
  MERGE_KINDS,
  mergeOptions,
  rehearsalText,
  type MergeKind,
} from '#web/components/landing/merge-kinds.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import { useLand, useRehearsal, type Landing } from '../api/land.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';

interface MergePanelProps {
  readonly source: string;
  readonly target: string;
  readonly compare: CompareResult | undefined;
}

/** What merging would do, the decisions that it needs, and the button that does it. */
export function MergePanel({ source, target, compare }: MergePanelProps) {
  const [kind, setKind] = useState<MergeKind>('merge');
  const [message, setMessage] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: merge, isPending: merging } = useLand();
  const landing: Landing = {
    kind: 'merge',
    branch: target,
    request: { from: source, ...mergeOptions(kind) },
  };
  const plan = useRehearsal(landing);
  const ready = plan.ready && !merging;
  const name = shortRef(source);

  const run = () => {
    merge(
      { landing, plan, message },
      {
        onSuccess: (landed) => {
          if (!landed.applied) {
            toast({
              title: 'Nothing was merged.',
              description: rehearsalText(landed, name),
              tone: 'bad',
            });
            return;
          }
          setMessage('');
          plan.reset();
          announce(`${name} is merged into ${target}: ${countOf(landed.changeCount, 'change')}.`, {
            ref: target,
            after: landed.after,
          });
        },
        onError: (error) =>
          toast({ title: 'Nothing was merged.', description: errorMessage(error), tone: 'bad' }),
      },
    );
  };
  useCommands(
    useMemo(
      () => [
        {
          id: 'compare.merge',
          title: `Merge ${name} into ${target}`,
          group: 'Branches',
          icon: GitMerge,
          shortcut: 'Mod+Enter',
          run: () => button.current?.click(),
        },
      ],
      [name, target],
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
              : `${kind === 'squash' ? 'Squash' : 'Merge'} ${name} into ${target}`
          }
          disabled={kind === 'fast-forward'}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          className="w-auto min-w-48 flex-1 disabled:opacity-60"
        />
        <Button
          ref={button}
          look="primary"
          type="submit"
          disabled={!ready}
          title={`Merge ${source} into ${target}`}
          aria-keyshortcuts="Control+Enter"
        >
          <GitMerge aria-hidden className="size-4" strokeWidth={1.75} />
          <span className="max-w-48 truncate">{merging ? 'Merging…' : `Merge into ${target}`}</span>
        </Button>
        <p className="basis-full text-xs text-ink-3">
          {MERGE_KINDS.find(({ value }) => value === kind)?.says}
          {compare !== undefined &&
            ` ${name} is ${countOf(compare.ahead, 'commit')} ahead of ${target} and ${countOf(compare.behind, 'commit')} behind.`}
        </p>
      </form>
      <DryRunOutcome plan={plan} source={name} className="border-t px-3 py-2" />
      <ConflictList plan={plan} source={name} target={target} className="border-t" />
    </section>
  );
}
