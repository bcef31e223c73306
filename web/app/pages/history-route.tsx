import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { Dialog } from '#web/components/dialog.tsx';
import { CommitActions } from '#web/features/branches/components/commit-actions.tsx';
import { MovesView } from '#web/features/branches/components/moves-view.tsx';
import { PickDialog, type Pick } from '#web/features/branches/components/pick-dialog.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { HistoryPage } from '#web/features/history/components/history-page.tsx';
import { CreateBranch } from '#web/features/refs/components/create-branch.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { describeRef } from '#web/features/refs/model/describe-ref.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';

export function HistoryRoute() {
  const { commit, table, view = 'commits' } = useSearch({ from: '/history' });
  const navigate = useNavigate({ from: '/history' });
  const { expression, defaultBranch, go } = useCurrentRef();
  const tables = useTables(expression).data?.tables ?? [];
  const [branchFrom, setBranchFrom] = useState<string | null>(null);
  const [pick, setPick] = useState<Pick | null>(null);
  const close = () => setBranchFrom(null);
  const list = useRefs().data ?? { refs: [], defaultBranch };
  const { now } = describeRef(expression, list);
  const elsewhere =
    now === defaultBranch
      ? list.refs.find(({ name, type }) => type === 'BRANCH' && name !== now)?.name
      : defaultBranch;
  const startPick = useCallback(
    (kind: Pick['kind'], entry: LogEntry) =>
      // What is picked is on this branch already, so that it goes to another one.
      setPick({ kind, commit: entry, branch: kind === 'revert' ? now : (elsewhere ?? now) }),
    [now, elsewhere],
  );
  const compare = useCallback(
    ({ hash }: LogEntry) => void navigate({ to: '/branches/compare', search: { source: hash, target: now } }),
    [navigate, now],
  );
  const showChanges = useCallback(
    ({ hash }: LogEntry) => void navigate({ to: '/history/$commit', params: { commit: hash } }),
    [navigate],
  );
  return (
    <>
      <HistoryPage
        selected={commit}
        onSelect={(next) =>
          void navigate({ search: (before) => ({ ...before, commit: next }), replace: true })
        }
        table={table}
        onTable={(next) => void navigate({ search: (before) => ({ ...before, table: next }), replace: true })}
        tables={tables.map(({ id }) => id)}
        onTravel={go}
        onCreateBranch={setBranchFrom}
        view={view}
        onView={(next) => void navigate({ search: (before) => ({ ...before, view: next }), replace: true })}
        renderMoves={(name) => <MovesView key={name} name={name} />}
        renderCommitActions={(entry) => (
          <CommitActions entry={entry} onChanges={showChanges} onPick={startPick} onCompare={compare} />
        )}
        onOpenTable={(id) => void navigate({ to: '/catalog/$table', params: { table: id } })}
      />
      <Dialog
        open={branchFrom !== null}
        onOpenChange={(open) => !open && close()}
        title="New branch"
        className="w-96"
      >
        {branchFrom !== null && <CreateBranch from={branchFrom} initialName="" onDone={close} />}
      </Dialog>
      <PickDialog pick={pick} refs={list.refs} onClose={() => setPick(null)} />
    </>
  );
}
