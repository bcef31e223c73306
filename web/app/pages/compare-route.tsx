import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { ComparePage, type CompareView } from '#web/features/branches/components/compare-page.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useOpenCommit } from './open-commit.ts';
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
  const openCommit = useOpenCommit();
  if (list === undefined) return null;
  const source = search.source ?? expression;
  const target = search.target ?? list.defaultBranch;
  return (
    <ComparePage
      list={list}
      source={source}
      target={target}
      tab={search.tab ?? 'changes'}
      table={search.table}
      rows={search.rows}
      onView={onView}
      onCommit={openCommit}
      onPropose={() => void navigate({ to: '/branches/merge-requests/new', search: { source, target } })}
    />
  );
}
