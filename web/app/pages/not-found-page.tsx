import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { EmptyState } from '#web/components/empty-state.tsx';

export function NotFoundPage() {
  return (
    <EmptyState icon={Compass} title="There is no page at this address." className="h-full">
      It may have been deleted, or the address is cut short.{' '}
      <Link to="/" className="text-accent-text underline underline-offset-2">
        Go to the notebooks
      </Link>
    </EmptyState>
  );
}
