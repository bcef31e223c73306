import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { MergeRequestDetail } from '#shared/contract/merge-requests.ts';
import { useToast } from '#web/components/toast.tsx';
import { useDeleteRef } from '#web/features/branches/api/change-ref.ts';
import { useUndoToast } from '#web/features/branches/model/use-undo-toast.ts';
import { MergeRequestPage } from '#web/features/merge-requests/components/merge-request-page.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useOpenCommit } from './open-commit.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { requestSlots } from './request-slots.tsx';

const HERE = '/branches/merge-requests/$id';

export function MergeRequestRoute() {
  const { id } = useParams({ from: HERE });
  const { tab = 'overview', table, rows } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const openCommit = useOpenCommit();
  const announce = useUndoToast();
  const toast = useToast();
  const list = useRefs().data;
  const { mutate: remove } = useDeleteRef();
  const number = Number(id);
  if (!/^\d{1,15}$/.test(id) || number < 1)
    return (
      <NotFoundPage title="There is no such merge request">
        Merge requests have numbers, as in /branches/merge-requests/1.
      </NotFoundPage>
    );
  const deleteSource = ({ source, sourceHash }: MergeRequestDetail) => {
    const ref = list?.refs.find(({ name }) => name === source);
    if (ref === undefined || ref.hash !== sourceHash || source === list?.defaultBranch) return undefined;
    return () =>
      remove(ref, {
        onSuccess: () => announce(`Branch ${source} is deleted.`, { ref: source, after: null }),
        onError: (error) =>
          void toast({ title: `${source} was not deleted.`, description: errorMessage(error), tone: 'bad' }),
      });
  };
  return (
    <MergeRequestPage
      key={number}
      id={number}
      tab={tab}
      table={table}
      rows={rows}
      onView={(view) => void navigate({ search: (before) => ({ ...before, ...view }), replace: true })}
      slots={requestSlots}
      onCommit={openCommit}
      onList={() => void navigate({ to: '/branches/merge-requests', search: {} })}
      announce={announce}
      deleteSource={deleteSource}
    />
  );
}
