import { GitMerge, Trash2 } from 'lucide-react';
import { Button } from '#web/components/button.tsx';
import { Banner } from './banner.tsx';

const KEPT = 'What you wrote here is kept in this browser, but not saved.';

interface ConflictBannerProps {
  readonly onReload: () => void;
  readonly onSaveCopy: () => void;
}

/** Somebody else, or another tab, saved this notebook after it was opened here. */
export function ConflictBanner({ onReload, onSaveCopy }: ConflictBannerProps) {
  return (
    <Banner tone="warn" icon={GitMerge} title="This notebook was changed elsewhere." text={KEPT}>
      <Button onClick={onSaveCopy}>Save mine as a copy</Button>
      <Button onClick={onReload}>Take theirs</Button>
    </Banner>
  );
}

interface DeletedBannerProps {
  readonly onMakeAgain: () => void;
  readonly onLetGo: () => void;
}

/** Somebody else, or another tab, deleted this notebook while it was worked on here. */
export function DeletedBanner({ onMakeAgain, onLetGo }: DeletedBannerProps) {
  return (
    <Banner tone="warn" icon={Trash2} title="This notebook was deleted elsewhere." text={KEPT}>
      <Button onClick={onMakeAgain}>Save it again</Button>
      <Button onClick={onLetGo}>Let it go</Button>
    </Banner>
  );
}
