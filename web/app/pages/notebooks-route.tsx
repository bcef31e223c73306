import { useNavigate, useSearch } from '@tanstack/react-router';
import { errorMessage } from '#shared/errors/app-error.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { useToast } from '#web/components/toast.tsx';
import { NotebooksPage } from '#web/features/notebook/components/notebooks-page.tsx';
import { useAllNotebooks } from '../all-notebooks.ts';
import { lastNotebook } from '../last-notebook.ts';
import { useNotebookActions } from '../notebook-actions.ts';

export function NotebooksRoute() {
  const notebooks = useAllNotebooks();
  const { q = '', sort = 'changed' } = useSearch({ from: '/notebooks' });
  const navigate = useNavigate({ from: '/notebooks' });
  const toast = useToast();
  const { create, duplicate, move, remove } = useNotebookActions();
  const orSay = (title: string, doing: Promise<unknown>) => {
    doing.catch((error: unknown) => toast({ title, description: errorMessage(error), tone: 'bad' }));
  };
  const { all } = notebooks;
  if (all === undefined)
    return notebooks.isError ? (
      <ErrorState
        error={notebooks.error}
        title="The notebooks could not be read."
        onRetry={() => void notebooks.refetch()}
      />
    ) : (
      <SkeletonTable rows={8} columns={5} rowHeight={40} />
    );
  const last = lastNotebook();
  return (
    <NotebooksPage
      notebooks={all}
      last={all.find(({ id }) => id === last)}
      search={q}
      onSearch={(next) =>
        void navigate({
          search: (before) => ({ ...before, q: next === '' ? undefined : next }),
          replace: true,
        })
      }
      order={sort}
      onOrder={(next) =>
        void navigate({
          search: (before) => ({ ...before, sort: next === 'changed' ? undefined : next }),
          replace: true,
        })
      }
      onNew={create}
      onDuplicate={(id) => orSay('The notebook was not copied.', duplicate(id))}
      onMove={(id, folder) => orSay('The notebook was not moved.', move(id, folder))}
      onDelete={(id) => orSay('The notebook was not deleted.', remove(id))}
    />
  );
}
