import { Trash2 } from 'lucide-react';
import { Button } from '#web/components/button.tsx';

interface DeletedBannerProps {
  readonly onMakeAgain: () => void;
  readonly onLetGo: () => void;
}

/** Somebody else, or another tab, deleted this notebook while it was worked on here. */
export function DeletedBanner({ onMakeAgain, onLetGo }: DeletedBannerProps) {
  return (
    <div role="alert" className="flex items-center gap-3 border-b bg-warn-soft px-4 py-2">
      <Trash2 aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">
        <span className="font-medium">This notebook was deleted elsewhere.</span>{' '}
        <span className="text-ink-2">What you wrote here is kept in this browser, but not saved.</span>
      </p>
      <Button onClick={onMakeAgain}>Save it again</Button>
      <Button onClick={onLetGo}>Let it go</Button>
    </div>
  );
}
