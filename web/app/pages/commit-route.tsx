import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChangesTab } from '#web/features/branches/components/changes-tab.tsx';
import { CommitPage } from '#web/features/history/components/commit-page.tsx';

const HERE = '/history/$commit';

export function CommitRoute() {
  const { commit } = useParams({ from: HERE });
  const { parent = 1, table, rows } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  return (
    <CommitPage
      key={commit}
      hash={commit}
      parent={parent}
      onParent={(next) =>
        void navigate({
          search: (before) => ({ ...before, parent: next, table: undefined, rows: undefined }),
          replace: true,
        })
      }
      onHistory={() => void navigate({ to: '/history', search: { commit } })}
      onAll={() => void navigate({ to: '/history', search: {} })}
      renderChanges={(source, target) => (
        <ChangesTab
          source={source}
          target={target}
          table={table}
          onTable={(next) =>
            void navigate({
              search: (before) => ({ ...before, table: next, rows: undefined }),
              replace: true,
            })
          }
          rows={rows}
          onRows={(next) => void navigate({ search: (before) => ({ ...before, rows: next }), replace: true })}
        />
      )}
    />
  );
}
