import { useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { LogEntry, RefInfo } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { ConflictList } from '#web/components/landing/conflict-list.tsx';
import { DryRunOutcome } from '#web/components/landing/dry-run-outcome.tsx';
import { rehearsalText } from '#web/components/landing/merge-kinds.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { useToast } from '#web/components/toast.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useLand, useRehearsal, type Landing } from '../api/land.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { RefSelect } from '#web/components/refs/ref-select.tsx';

export interface Pick {
  readonly kind: 'cherry-pick' | 'revert';
  readonly commit: LogEntry;
  /** Branch that changes, to begin with. */
  readonly branch: string;
}

interface PickDialogProps {
  readonly pick: Pick | null;
  readonly refs: readonly RefInfo[];
  readonly onClose: () => void;
}

const WORDS = {
  revert: {
    title: 'Revert a commit',
    says: 'A new commit takes back what this one did. History stays as it is.',
    action: 'Revert',
    done: 'is reverted',
  },
  'cherry-pick': {
    title: 'Cherry-pick a commit',
    says: 'A new commit does on a branch what this one did elsewhere.',
    action: 'Cherry-pick',
    done: 'is picked',
  },
} as const;

/** Reverts a commit, or picks it onto a branch, once it is seen what that does. */
export function PickDialog({ pick, refs, onClose }: PickDialogProps) {
  return (
    <Dialog
      open={pick !== null}
      onOpenChange={(open) => !open && onClose()}
      title={pick === null ? '' : WORDS[pick.kind].title}
      className="w-150"
    >
      {pick !== null && <PickForm pick={pick} refs={refs} onClose={onClose} />}
    </Dialog>
  );
}

function PickForm({ pick, refs, onClose }: PickDialogProps & { readonly pick: Pick }) {
  const { kind, commit } = pick;
  const [branch, setBranch] = useState(pick.branch);
  const [mainline, setMainline] = useState('1');
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: land, isPending } = useLand();
  const isMerge = commit.parents.length > 1;
  const landing: Landing = {
    kind,
    branch,
    request: { commits: [commit.hash], ...(isMerge ? { mainline: Number(mainline) } : {}) },
  };
  const plan = useRehearsal(landing);
  const words = WORDS[kind];
  const failed = `${words.title.replace(' a commit', '')} did not happen.`;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!plan.ready || isPending) return;
        land(
          { landing, plan },
          {
            onSuccess: (landed) => {
              if (!landed.applied) {
                toast({ title: failed, description: rehearsalText(landed, 'the commit'), tone: 'bad' });
                return;
              }
              onClose();
              announce(`“${commit.message}” ${words.done} on ${branch}.`, {
                ref: branch,
                after: landed.after,
              });
            },
            onError: (error) => toast({ title: failed, description: errorMessage(error), tone: 'bad' }),
          },
        );
      }}
    >
      <div className="rounded-md border px-3 py-2">
        <p className="font-medium break-words">{commit.message}</p>
        <p className="text-ink-3">
          <span className="font-mono text-xs">{shortHash(commit.hash)}</span> · {commit.author} ·{' '}
          {countOf(commit.changeCount ?? commit.changes.length, 'change')}
        </p>
      </div>
      <p className="text-ink-2">{words.says}</p>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-ink-3">On</span>
        <RefSelect
          label="Branch that changes"
          value={branch}
          onChange={setBranch}
          refs={refs.filter(({ type }) => type === 'BRANCH')}
          className="w-60"
        />
        {isMerge && (
          <>
            <span className="ml-2 text-ink-3">against</span>
            <Segmented
              label="Parent that the merge is compared with"
              value={mainline}
              onChange={setMainline}
              options={commit.parents.map((parent, at) => ({
                value: String(at + 1),
                label: `parent ${at + 1}, ${shortHash(parent)}`,
              }))}
            />
          </>
        )}
      </div>
      <DryRunOutcome plan={plan} source="this commit" />
      <ConflictList
        plan={plan}
        source={kind === 'revert' ? 'what was before it' : 'the commit'}
        target={branch}
        className="rounded-md border"
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={!plan.ready || isPending}>
          {isPending ? 'Working…' : `${words.action} on ${branch}`}
        </Button>
      </div>
    </form>
  );
}
