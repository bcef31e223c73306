import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { SavedQueriesPage } from '#web/features/saved-queries/components/saved-queries-page.tsx';
import { snippetText } from '#web/lib/snippet-text.ts';
import { useOpenInCell } from '../open-in-cell.ts';

export function SavedQueriesRoute() {
  const { q = '', query } = useSearch({ from: '/queries/saved' });
  const navigate = useNavigate({ from: '/queries/saved' });
  const router = useRouter();
  const openInCell = useOpenInCell();
  return (
    <SavedQueriesPage
      search={q}
      onSearch={(next) =>
        void navigate({
          search: (before) => ({ ...before, q: next === '' ? undefined : next }),
          replace: true,
        })
      }
      selected={query}
      onSelect={(id) => void navigate({ search: (before) => ({ ...before, query: id }), replace: true })}
      onInsert={({ sql }) => openInCell({ sql: snippetText(sql) })}
      linkTo={(id) =>
        new URL(
          router.buildLocation({ to: '/queries/saved', search: { query: id } }).href,
          window.location.origin,
        ).href
      }
    />
  );
}
