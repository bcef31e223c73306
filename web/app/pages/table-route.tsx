import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { errorMessage } from '#shared/errors/app-error.ts';
import { useToast } from '#web/components/toast.tsx';
import { TablePage } from '#web/features/catalog/components/table-page.tsx';
import { TABLE_TABS } from '#web/features/catalog/model/table-tabs.ts';
import { newCell } from '#web/features/notebook/model/new-cell.ts';
import { ResultPanel } from '#web/features/results/components/result-panel.tsx';
import { useNotebookActions } from '../notebook-actions.ts';
import { querySession } from '../query-session.ts';

export function TableRoute() {
  const { table } = useParams({ from: '/catalog/$table' });
  const { tab } = useSearch({ from: '/catalog/$table' });
  const navigate = useNavigate({ from: '/catalog/$table' });
  const { createBeside } = useNotebookActions();
  const toast = useToast();
  return (
    <TablePage
      key={table}
      table={table}
      tab={TABLE_TABS.find((each) => each === tab) ?? 'schema'}
      onTab={(next) => void navigate({ search: (before) => ({ ...before, tab: next }), replace: true })}
      session={querySession()}
      renderRows={(props) => <ResultPanel {...props} session={querySession()} />}
      onQuery={(sql, { id }) => {
        createBeside({ title: `A look at ${id}`.slice(0, 200), cells: [newCell('sql', sql)] }).catch(
          (error: unknown) => {
            toast({ title: 'The notebook was not made.', description: errorMessage(error), tone: 'bad' });
          },
        );
      }}
      onBack={() => void navigate({ to: '/catalog' })}
    />
  );
}
