import { WifiOff } from 'lucide-react';

/** Over every page while the server is away: what still works, and what becomes of what is done now. */
export function OfflineBanner() {
  return (
    <div
      role="status"
      className="flex shrink-0 items-center gap-2 border-b bg-warn-soft px-4 py-1.5 text-warn"
    >
      <WifiOff aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <p className="min-w-0">
        The server is away. What you see is what this browser saw last; it holds on to your edits and saves
        them once the server answers. Queries run over local files, and again over what this browser holds.
      </p>
    </div>
  );
}
