import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '#web/components/button.tsx';
import { ErrorState } from '#web/components/error-state.tsx';

/** A page that broke, or whose code could not be loaded; the shell around it lives on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <ErrorState
      error={error}
      title="This page could not be shown."
      onRetry={reset}
      action={<Button onClick={() => location.reload()}>Reload</Button>}
    />
  );
}
