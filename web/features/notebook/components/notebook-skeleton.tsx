import { Skeleton } from '#web/components/skeleton.tsx';

/** The shape of a notebook that is on its way. */
export function NotebookSkeleton() {
  return (
    <div
      aria-busy="true"
      aria-label="Loading the notebook"
      className="mx-auto w-full max-w-[1200px] px-8 pt-8"
    >
      <Skeleton className="h-7 w-72" />
      <Skeleton className="mt-8 h-3 w-[60%]" />
      <Skeleton className="mt-2 h-3 w-[45%]" />
      {[96, 64].map((height) => (
        <div key={height} className="mt-6 rounded-md border p-3">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="mt-2 h-3 w-64" />
          <div style={{ height }} />
        </div>
      ))}
    </div>
  );
}
