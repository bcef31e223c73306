import { Link, useLocation } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '#web/components/empty-state.tsx';

const SURFACES = [
  { to: '/catalog', back: 'All tables' },
  { to: '/history', back: 'History' },
  { to: '/branches/merge-requests', back: 'All merge requests' },
  { to: '/branches', back: 'All branches' },
  { to: '/queries', back: 'All queries' },
  { to: '/notebooks', back: 'All notebooks' },
] as const;
const HOME = { to: '/notebooks', back: 'All notebooks' } as const;

interface NotFoundPageProps {
  /** "There is no notebook …"; absent: that there is no such page. */
  readonly title?: string;
  /** Why it may be gone, and what to do. */
  readonly children?: ReactNode;
}

/** What an address names that is not there, and the way back to the surface that it belongs to. */
export function NotFoundPage({ title, children }: NotFoundPageProps) {
  const { pathname } = useLocation();
  const { to, back } =
    SURFACES.find((surface) => pathname === surface.to || pathname.startsWith(`${surface.to}/`)) ?? HOME;
  return (
    <EmptyState
      page
      icon={Compass}
      title={title ?? `There is no page ${shortened(decoded(pathname))}`}
      className="flex-1 break-words"
      action={
        <Link
          to={to}
          className="inline-flex h-7 items-center rounded-md border border-line-strong bg-surface px-2.5 font-medium text-ink hover:bg-hover"
        >
          {back}
        </Link>
      }
    >
      {children ?? 'The address is mistyped or cut short, or the page has another one by now.'}
    </EmptyState>
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What an address says may be long, and the page is to say it whole only where that can be read. */
function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
