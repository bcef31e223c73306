import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useCurrentRef } from '#web/lib/current-ref.ts';

/** Shows a commit in the history of a ref. */
export function useOpenCommit(): (ref: string, commit: string) => void {
  const navigate = useNavigate();
  const { defaultBranch } = useCurrentRef();
  return useCallback(
    (ref, commit) =>
      void navigate({
        to: '/history',
        search: { ref: ref === defaultBranch ? undefined : ref, commit },
      }),
    [navigate, defaultBranch],
  );
}
