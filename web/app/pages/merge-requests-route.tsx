import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { MergeRequestsPage } from '#web/features/merge-requests/components/merge-requests-page.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { describeRef } from '#web/features/refs/model/describe-ref.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';

const HERE = '/branches/merge-requests';

export function MergeRequestsRoute() {
  const { filter = 'open', q = '' } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const { expression, defaultBranch } = useCurrentRef();
  const list = useRefs().data ?? { refs: [], defaultBranch };
  // Whoever is on a branch proposes that one; on the default branch there is nothing to begin with.
  const { now } = describeRef(expression, list);
  const propose = useCallback(
    () =>
      void navigate({
        to: '/branches/merge-requests/new',
        search: now === defaultBranch ? {} : { source: now },
      }),
    [navigate, now, defaultBranch],
  );
  return (
    <MergeRequestsPage
      filter={filter}
      onFilter={(next) => void navigate({ search: (before) => ({ ...before, filter: next }), replace: true })}
      search={q}
      onSearch={(next) =>
        void navigate({
          search: (before) => ({ ...before, q: next === '' ? undefined : next }),
          replace: true,
        })
      }
      onOpen={(id) => void navigate({ to: '/branches/merge-requests/$id', params: { id: String(id) } })}
      onPropose={propose}
    />
  );
}
