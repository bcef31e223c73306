import type { CompareResult } from '#shared/contract/merges.ts';
import { CommitSummaries } from '#web/components/refs/commit-summaries.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useCompare } from '../api/compare-refs.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';

interface CommitsTabProps {
  readonly source: string;
  readonly target: string;
  /** From target to source: what only the source has. */
  readonly ahead: CompareResult | undefined;
  readonly onCommit: (ref: string, hash: string) => void;
}

/** The commits that only one of the sides has. */
export function CommitsTab({ source, target, ahead, onCommit }: CommitsTabProps) {
  const behind = useCompare(source, target).data;
  return (
    <div className="grid grid-cols-2 divide-x">
      <Side name={source} result={ahead} onCommit={(hash) => onCommit(source, hash)} />
      <Side name={target} result={behind} onCommit={(hash) => onCommit(target, hash)} />
    </div>
  );
}

interface SideProps {
  readonly name: string;
  readonly result: CompareResult | undefined;
  readonly onCommit: (hash: string) => void;
}

function Side({ name, result, onCommit }: SideProps) {
  const label = `Only on ${shortRef(name)}`;
  return (
    <section aria-label={label} className="min-w-0">
      <h2 className="truncate px-4 pt-3 pb-1 text-xs text-ink-3" title={name}>
        {label}
        {result !== undefined && ` · ${countOf(result.ahead, 'commit')}`}
      </h2>
      {result === undefined ? (
        <SkeletonRows count={4} className="px-2" />
      ) : result.commits.length === 0 ? (
        <p className="px-4 py-1 text-ink-2">No commit that the other side has not.</p>
      ) : (
        <CommitSummaries commits={result.commits} onOpen={onCommit} />
      )}
      {result !== undefined && result.commits.length < result.ahead && (
        <p className="px-4 py-2 text-ink-3">
          {formatInteger(result.ahead - result.commits.length)} older ones are in its history.
        </p>
      )}
    </section>
  );
}
