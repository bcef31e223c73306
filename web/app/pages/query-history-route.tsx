import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { QueryHistoryPage } from '#web/features/query-history/components/query-history-page.tsx';
import { useSaveQuery } from '#web/lib/save-query.ts';
import { useAllNotebooks } from '../all-notebooks.ts';
import { useOpenInCell } from '../open-in-cell.ts';

export function QueryHistoryRoute() {
  const { q = '', state, engine, period, run } = useSearch({ from: '/queries/' });
  const navigate = useNavigate({ from: '/queries/' });
  const openInCell = useOpenInCell();
  const save = useSaveQuery();
  const { all } = useAllNotebooks();
  const titleOf = useCallback((id: string) => all?.find((each) => each.id === id)?.title, [all]);
  return (
    <QueryHistoryPage
      search={{ q, state: state ?? 'all', engine: engine ?? 'any', period: period ?? 'all' }}
      onSearch={(next) =>
        void navigate({
          search: (before) => ({
            ...before,
            run: undefined,
            q: next.q === '' ? undefined : next.q,
            state: next.state === 'all' ? undefined : next.state,
            engine: next.engine === 'any' ? undefined : next.engine,
            period: next.period === 'all' ? undefined : next.period,
          }),
          replace: true,
        })
      }
      titleOf={titleOf}
      selected={run}
      onSelect={(id) => void navigate({ search: (before) => ({ ...before, run: id }), replace: true })}
      onRerun={({ sql, sent, notebook, commit }, exact) =>
        openInCell({ sql, elsewhere: sent, notebook, ref: exact ? commit : undefined, run: true })
      }
      onOpenCell={({ notebook, cell }) => {
        if (notebook !== undefined)
          void navigate({ to: '/notebooks/$id', params: { id: notebook }, search: { cell } });
      }}
      onSave={({ sql }) => save?.(sql)}
    />
  );
}
