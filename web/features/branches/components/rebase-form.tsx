import { useState } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { ConflictList } from '#web/components/landing/conflict-list.tsx';
import { DryRunOutcome } from '#web/components/landing/dry-run-outcome.tsx';
import { RefSelect } from '#web/components/refs/ref-select.tsx';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useLand, useRehearsal, type Landing } from '../api/land.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { DialogFoot } from './dialog-foot.tsx';

interface RebaseFormProps {
  readonly branch: string;
  readonly refs: readonly RefInfo[];
  /** Where it goes, to begin with. */
  readonly onto: string | undefined;
  readonly onClose: () => void;
}

/** Puts a branch's commits on top of another place, once it is seen what that does. */
export function RebaseForm({ branch, refs, onto: initial, onClose }: RebaseFormProps) {
  const others = refs.filter(({ name }) => name !== branch);
  const [onto, setOnto] = useState(initial ?? others[0]?.name ?? branch);
  const announce = useUndoToast();
  const land = useLand();
  const landing: Landing = { kind: 'rebase', branch, request: { onto } };
  const plan = useRehearsal(landing);
  const name = shortRef(onto);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!plan.ready || land.isPending) return;
        land.mutate(
          { landing, plan },
          {
            onSuccess: ({ applied, after, commits }) => {
              if (!applied) return;
              onClose();
              const what = commits.length === 0 ? '' : `: ${countOf(commits.length, 'commit')} made anew`;
              announce(`${branch} stands on ${name} now${what}.`, { ref: branch, after });
            },
          },
        );
      }}
    >
      <p className="text-ink-2">
        The commits that only {branch} has are made anew on top of the other place, one by one. The old ones
        stay under its moves.
      </p>
      <div className="flex items-center gap-2">
        <span className="text-ink-3">Onto</span>
        <RefSelect label="Onto" value={onto} onChange={setOnto} refs={others} anyPlace className="w-72" />
      </div>
      <DryRunOutcome plan={plan} source={name} />
      <ConflictList plan={plan} source={branch} target={name} className="rounded-md border" />
      <DialogFoot
        action={land.isPending ? 'Rebasing…' : `Rebase onto ${name}`}
        ready={plan.ready && !land.isPending}
        error={land.error}
        onCancel={onClose}
      />
    </form>
  );
}
