import { Navigate } from '@tanstack/react-router';
import { FilePlus2 } from 'lucide-react';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { NotebookSkeleton } from '#web/features/notebook/components/notebook-skeleton.tsx';
import { useAllNotebooks } from '../all-notebooks.ts';
import { lastNotebook } from '../last-notebook.ts';
import { useNotebookActions } from '../notebook-actions.ts';

/** Goes to the notebook that was open last, else to the one changed last. */
export function HomePage() {
  const notebooks = useAllNotebooks();
  const { create } = useNotebookActions();
  const { all } = notebooks;
  if (notebooks.isPending) return <NotebookSkeleton />;
  if (all === undefined)
    return (
      <ErrorState
        error={notebooks.error}
        title="The notebooks could not be read."
        onRetry={() => void notebooks.refetch()}
      />
    );
  const last = lastNotebook();
  const newest = [...all].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0];
  const target = all.find((each) => each.id === last) ?? newest;
  if (target !== undefined) return <Navigate to="/notebooks/$id" params={{ id: target.id }} replace />;
  return (
    <EmptyState
      icon={FilePlus2}
      title="No notebook yet"
      className="h-full"
      action={
        <Button look="primary" onClick={create}>
          New notebook
        </Button>
      }
    >
      A notebook holds SQL and text. Its queries run in this tab, on any branch and at any time of the
      lakehouse.
    </EmptyState>
  );
}
