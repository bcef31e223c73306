import { Link, Outlet } from '@tanstack/react-router';

const PLACES = [
  { to: '/branches', label: 'Branches', exact: true },
  { to: '/branches/compare', label: 'Compare and merge', exact: false },
  { to: '/branches/merge-requests', label: 'Merge requests', exact: false },
  { to: '/branches/hooks', label: 'Hooks', exact: false },
  { to: '/branches/retention', label: 'Retention', exact: false },
] as const;

/** The places around branches, one line above each of them. */
export function VersioningLayout() {
  return (
    <>
      <nav aria-label="Versioning" className="flex h-9 shrink-0 gap-4 border-b px-4">
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
