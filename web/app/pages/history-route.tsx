import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { HistoryPage } from '#web/features/history/components/history-page.tsx';
import { CreateBranch } from '#web/features/refs/components/create-branch.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';

export function HistoryRoute() {
  const { commit, table } = useSearch({ from: '/history' });
  const navigate = useNavigate({ from: '/history' });
  const { expression, go } = useCurrentRef();
  const tables = useTables(expression).data?.tables ?? [];
  const [branchFrom, setBranchFrom] = useState<string | null>(null);
  const close = () => setBranchFrom(null);
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
    </>
  );
}
