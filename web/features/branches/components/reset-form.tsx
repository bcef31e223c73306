import { useState, type ReactNode } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { CompareResult } from '#shared/contract/merges.ts';
import type { RefInfo } from '#shared/contract/refs.ts';
import { Badge, type Tone } from '#web/components/badge.tsx';
import { RefSelect } from '#web/components/refs/ref-select.tsx';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { Skeleton } from '#web/components/skeleton.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { useAssignRef } from '../api/change-ref.ts';
import { useCompare } from '../api/compare-refs.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { DialogFoot } from './dialog-foot.tsx';

interface ResetFormProps {
  readonly target: RefInfo;
  readonly refs: readonly RefInfo[];
  readonly onClose: () => void;
}

/** Points a branch or tag at another commit, once it is seen which commits leave it and which come. */
export function ResetForm({ target, refs, onClose }: ResetFormProps) {
  const { name, hash } = target;
  const [to, setTo] = useState<string>();
  const announce = useUndoToast();
  const assign = useAssignRef();
  // By hashes: what is shown is what will happen, also where the branch moves on meanwhile.
  const leaving = useCompare(to ?? hash, hash, to !== undefined);
  const coming = useCompare(hash, to ?? hash, to !== undefined);
  const place = coming.data?.to.hash;
  const problem = coming.error ?? leaving.error;
  const known = leaving.data !== undefined && coming.data !== undefined;
  const same = place === hash;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (place === undefined) return;
        assign.mutate(
          { ref: name, to: place, expectedHash: hash },
          {
            onSuccess: (moved) => {
              onClose();
              announce(`${name} is at ${shortHash(moved.hash)} now.`, { ref: name, after: moved.hash });
            },
          },
        );
      }}
    >
      <p className="text-ink-2">
        {name} then shows what another place shows. Commits that leave it stay under its moves, from where it
        can be put back.
      </p>
      <div className="flex items-center gap-2">
        <span className="text-ink-3">To</span>
        <RefSelect
          label="To"
          value={to ?? 'Choose a branch, tag, commit or time'}
          onChange={setTo}
          refs={refs.filter((ref) => ref.name !== name)}
          anyPlace
          className="w-80"
        />
      </div>
      {to !== undefined && (
        <output aria-label="What the reset would do" className="flex flex-col gap-2">
          {problem !== null ? (
            <span className="break-words text-bad">{errorMessage(problem)}</span>
          ) : !known ? (
            <Skeleton className="h-5 w-80" />
          ) : same ? (
            `${name} is there already.`
          ) : (
            <>
              <Moves title="leave" tone="bad" result={leaving.data} none={`No commit leaves ${name}.`} />
              <Moves title="come" tone="good" result={coming.data} none="" />
              <span className="text-ink-2">{changesText(coming.data)}</span>
            </>
          )}
        </output>
      )}
      <DialogFoot
        action={assign.isPending ? 'Resetting…' : to === undefined ? 'Reset' : `Reset to ${shortRef(to)}`}
        ready={known && !same && !assign.isPending}
        error={assign.error}
        danger
        onCancel={onClose}
      />
    </form>
  );
}

interface MovesProps {
  readonly title: string;
  readonly tone: Tone;
  readonly result: CompareResult;
  /** Said where there is none. */
  readonly none: string;
}

function Moves({ title, tone, result: { ahead, commits }, none }: MovesProps): ReactNode {
  if (ahead === 0) return none === '' ? null : <span className="text-ink-2">{none}</span>;
  return (
    <div>
      <Badge tone={tone}>
        {countOf(ahead, 'commit')} {ahead === 1 ? `${title}s` : title}
      </Badge>
      <ul className="mt-1 max-h-32 overflow-y-auto">
        {commits.slice(0, LISTED).map((commit) => (
          <li key={commit.hash} className="flex gap-2 py-0.5">
            <span className="shrink-0 font-mono text-xs leading-5 text-ink-3">{shortHash(commit.hash)}</span>
            <span className="min-w-0 truncate" title={commit.message}>
              {commit.message}
            </span>
          </li>
        ))}
        {ahead > LISTED && <li className="text-ink-3">and {countOf(ahead - LISTED, 'older one')}</li>}
      </ul>
    </div>
  );
}

const LISTED = 50;

function changesText({ changes, changeCount }: CompareResult): string {
  if (changeCount === 0) return 'No table, view or namespace is another one there.';
  const names = changes.slice(0, 3).map(({ key }) => key);
  const more = changeCount - names.length;
  return `${countOf(changeCount, 'change')}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
