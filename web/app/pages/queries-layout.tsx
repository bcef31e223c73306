import { Link, Outlet } from '@tanstack/react-router';

const PLACES = [
  { to: '/queries', label: 'History', exact: true },
  { to: '/queries/saved', label: 'Saved', exact: false },
  { to: '/queries/schedules', label: 'Scheduled runs', exact: false },
] as const;

/** What was run, and what is kept to be run. */
export function QueriesLayout() {
  return (
    <>
      <nav aria-label="Queries" className="flex h-9 shrink-0 gap-4 border-b px-4">
        {PLACES.map(({ to, label, exact }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact, includeSearch: false }}
            className="-mb-px inline-flex items-center border-b-2 border-transparent whitespace-nowrap text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
