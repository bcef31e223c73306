import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { ComparePage, type CompareView } from '#web/features/branches/components/compare-page.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';

export function CompareRoute() {
  const search = useSearch({ from: '/branches/compare' });
  const navigate = useNavigate({ from: '/branches/compare' });
  const { expression } = useCurrentRef();
  const list = useRefs().data;
  const onView = useCallback(
    (view: Partial<CompareView>) =>
      void navigate({ search: (before) => ({ ...before, ...view }), replace: true }),
    [navigate],
  );
  if (list === undefined) return null;
  return (
    <ComparePage
      list={list}
      source={search.source ?? expression}
      target={search.target ?? list.defaultBranch}
      tab={search.tab ?? 'changes'}
      table={search.table}
      onView={onView}
      onCommit={(ref, commit) =>
        void navigate({
          to: '/history',
          search: { ref: ref === list.defaultBranch ? undefined : ref, commit },
        })
      }
    />
  );
}
