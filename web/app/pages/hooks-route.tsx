import { useNavigate, useSearch } from '@tanstack/react-router';
import { HooksPage } from '#web/features/hooks/components/hooks-page.tsx';

const HERE = '/branches/hooks';

export function HooksRoute() {
  const { hook } = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  return (
    <HooksPage
      selected={hook}
      onSelect={(next) => void navigate({ search: (before) => ({ ...before, hook: next }), replace: true })}
    />
  );
}
