import { useNavigate, useSearch } from '@tanstack/react-router';
import { BranchesPage } from '#web/features/branches/components/branches-page.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { describeRef } from '#web/features/refs/model/describe-ref.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';

export function BranchesRoute() {
  const { q = '' } = useSearch({ from: '/branches/' });
  const navigate = useNavigate({ from: '/branches/' });
  const { expression } = useCurrentRef();
  const list = useRefs().data;
  if (list === undefined) return null;
  return (
    <BranchesPage
      list={list}
      here={describeRef(expression, list).name}
      filter={q}
      onFilter={(next) =>
        void navigate({
          search: (before) => ({ ...before, q: next === '' ? undefined : next }),
          replace: true,
        })
      }
      onCompare={(source) => void navigate({ to: '/branches/compare', search: { source } })}
      onPropose={(source) => void navigate({ to: '/branches/merge-requests/new', search: { source } })}
      onHistory={(name) =>
        void navigate({
          to: '/history',
          search: { ref: name === list.defaultBranch ? undefined : name },
        })
      }
    />
  );
}
