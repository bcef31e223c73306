import { Link, useParams, useRouterState } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useEffect } from 'react';
import { titleOf } from '#web/features/notebook/model/free-title.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { useAllNotebooks } from '../all-notebooks.ts';

/** Places beside the branches, by their paths. */
const VERSIONING: Readonly<Record<string, string>> = {
  '/branches/hooks': 'Hooks',
  '/branches/retention': 'Retention',
};

/** Places beside the history of queries. */
const QUERIES: Readonly<Record<string, string>> = {
  '/queries/saved': 'Saved queries',
  '/queries/schedules': 'Scheduled runs',
};

/** The place and the thing in it: "Catalog › bronze.flights". */
export function Breadcrumb() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { table, id, commit } = useParams({ strict: false });
  const notebook = useAllNotebooks().all?.find((each) => each.id === id);
  const title = notebook && titleOf(notebook.title);
  const place = path.startsWith('/catalog')
    ? { to: '/catalog' as const, label: 'Catalog', thing: table }
    : path.startsWith('/history')
      ? {
          to: '/history' as const,
          label: 'History',
          thing: commit === undefined ? undefined : shortHash(commit),
        }
      : path.startsWith('/queries')
        ? { to: '/queries' as const, label: 'Queries', thing: QUERIES[path] }
        : path.startsWith('/branches')
          ? {
              to: '/branches' as const,
              label: 'Branches',
              thing: path.startsWith('/branches/compare')
                ? 'Compare and merge'
                : path.startsWith('/branches/merge-requests')
                  ? id === undefined
                    ? 'Merge requests'
                    : `Merge request #${id}`
                  : VERSIONING[path],
            }
          : { to: '/notebooks' as const, label: 'Notebooks', thing: title };
  const page = [place.thing, place.label, 'TimeStream'].filter((part) => part !== undefined).join(' · ');
  // Among twenty tabs, and in the browser's history, this is all that tells pages apart.
  useEffect(() => {
    document.title = page;
  }, [page]);
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 shrink items-center gap-1 pl-1">
      <Link
        to={place.to}
        aria-current={place.thing === undefined ? 'page' : undefined}
        className="shrink-0 rounded-sm px-1 text-ink-2 hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink"
      >
        {place.label}
      </Link>
      {place.thing !== undefined && (
        <>
          <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span
            aria-current="page"
            title={place.thing}
            className="max-w-72 min-w-0 truncate px-1 font-medium"
          >
            {place.thing}
          </span>
        </>
      )}
    </nav>
  );
}
