import { Skeleton, StillWaiting } from '#web/components/skeleton.tsx';

/** The shape of a notebook that is on its way: its head, a cell of text, and cells of SQL, where they will be. */
export function NotebookSkeleton() {
  return (
    <div aria-busy="true" aria-label="Loading the notebook" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-3 border-b pr-3 pl-6">
        <Skeleton className="h-4 w-48" />
        <Skeleton className="ml-auto h-3 w-16" />
        <Skeleton className="h-7 w-20" />
      </div>
      <div className="mx-auto w-full max-w-[1840px] pr-8 pl-14">
        <Skeleton className="mt-13 ml-3 h-5 w-56" />
        <Skeleton className="mt-3.5 ml-3 h-3 w-[45%]" />
        {[96, 64].map((height) => (
          <div key={height} className="mt-7 rounded-md border p-3">
            <Skeleton className="h-3 w-40" />
            <Skeleton className="mt-2 h-3 w-64" />
            <div style={{ height }} />
          </div>
        ))}
        <StillWaiting />
      </div>
    </div>
  );
}
