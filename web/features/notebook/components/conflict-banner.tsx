import { GitMerge } from 'lucide-react';
import { Button } from '#web/components/button.tsx';

interface ConflictBannerProps {
  readonly onReload: () => void;
  readonly onSaveCopy: () => void;
}

/** Somebody else, or another tab, saved this notebook after it was opened here. */
export function ConflictBanner({ onReload, onSaveCopy }: ConflictBannerProps) {
  return (
    <div role="alert" className="flex items-center gap-3 border-b bg-warn-soft px-4 py-2">
      <GitMerge aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">
        <span className="font-medium">This notebook was changed elsewhere.</span>{' '}
        <span className="text-ink-2">What you wrote here is kept in this browser, but not saved.</span>
      </p>
      <Button onClick={onSaveCopy}>Save mine as a copy</Button>
      <Button onClick={onReload}>Take theirs</Button>
    </div>
  );
}
