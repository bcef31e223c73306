import { useNavigate, useSearch } from '@tanstack/react-router';
import { CatalogPage } from '#web/features/catalog/components/catalog-page.tsx';

export function CatalogRoute() {
  const { q } = useSearch({ from: '/catalog' });
  const navigate = useNavigate({ from: '/catalog' });
  return (
    <CatalogPage
      filter={q ?? ''}
      onFilter={(filter) => {
        const next = filter === '' ? undefined : filter;
        void navigate({ search: (before) => ({ ...before, q: next }), replace: true });
      }}
      onOpenTable={(table) => void navigate({ to: '/catalog/$table', params: { table } })}
    />
  );
}
