import { useNavigate, useSearch } from '@tanstack/react-router';
import { SchedulesPage } from '#web/features/schedules/components/schedules-page.tsx';

export function SchedulesRoute() {
  const { outcome = 'all', run } = useSearch({ from: '/queries/schedules' });
  const navigate = useNavigate({ from: '/queries/schedules' });
  return (
    <SchedulesPage
      outcome={outcome}
      onOutcome={(next) =>
        void navigate({
          search: (before) => ({ ...before, run: undefined, outcome: next === 'all' ? undefined : next }),
          replace: true,
        })
      }
      selected={run}
      onSelect={(id) => void navigate({ search: (before) => ({ ...before, run: id }), replace: true })}
    />
  );
}
