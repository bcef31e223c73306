import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, type ReactNode } from 'react';
import { isAppError } from '#shared/errors/app-error.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { SignInHelp } from '#web/components/sign-in-help.tsx';
import { Skeleton, SkeletonRows } from '#web/components/skeleton.tsx';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { describeRef } from '#web/features/refs/model/describe-ref.ts';
import { CurrentRefProvider } from '#web/lib/current-ref.ts';

/** Nothing can be read before it is known where: gives the page its ref, from the URL or the default branch. */
export function RefGate({ children }: { children: ReactNode }) {
  const refs = useRefs();
  const { ref } = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = refs.data;

  const go = useCallback(
    (expression: string) => {
      const isDefault = expression === list?.defaultBranch;
      void navigate({
        to: '.',
        search: (before) => ({ ...before, ref: isDefault ? undefined : expression }),
      });
    },
    [list?.defaultBranch, navigate],
  );
  const value = useMemo(() => {
    if (list === undefined) return null;
    const expression = ref ?? list.defaultBranch;
    const { readOnly, missing } = describeRef(expression, list);
    return { expression, defaultBranch: list.defaultBranch, readOnly, missing, go };
  }, [list, ref, go]);
  const missing = value?.missing === true ? value.expression : null;
  const { refetch } = refs;
  useEffect(() => {
    // Someone may just have made it.
    if (missing !== null) void refetch();
  }, [missing, refetch]);

  if (value !== null) return <CurrentRefProvider value={value}>{children}</CurrentRefProvider>;
  if (refs.isError) {
    const signedOut = isAppError(refs.error, 'UNAUTHENTICATED');
    return (
      <main className="flex h-full items-center justify-center">
        <ErrorState
          className="w-120 rounded-lg border bg-surface"
          error={refs.error}
          title={signedOut ? 'This browser is signed out.' : 'The lakehouse can’t be read.'}
          {...(signedOut ? { explanation: <SignInHelp /> } : {})}
          onRetry={() => void refs.refetch()}
        />
      </main>
    );
  }
  return <ShellSkeleton />;
}

/** The shell's own shape, for the moment before the first answer. */
function ShellSkeleton() {
  return (
    <div className="flex h-full" aria-busy="true" aria-label="Loading">
      <div className="w-12 border-r" />
      <div className="flex flex-1 flex-col">
        <div className="flex h-11 items-center border-b px-4">
          <Skeleton className="h-4 w-64" />
        </div>
        <div className="flex flex-1">
          <SkeletonRows count={8} className="w-64 border-r p-2" />
          <div className="flex-1 bg-surface" />
        </div>
        <div className="h-7 border-t" />
      </div>
    </div>
  );
}
