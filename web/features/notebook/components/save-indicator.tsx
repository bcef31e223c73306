import { CloudAlert, CloudCheck, CloudUpload, type LucideIcon } from 'lucide-react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { cn } from '#web/lib/class-names.ts';
import type { SaveState } from '../model/save-queue.ts';

const LOOKS: Readonly<Record<SaveState['kind'], { icon: LucideIcon; text: string; tone: string }>> = {
  saved: { icon: CloudCheck, text: 'Saved', tone: 'text-ink-3' },
  waiting: { icon: CloudUpload, text: 'Saving…', tone: 'text-ink-3' },
  saving: { icon: CloudUpload, text: 'Saving…', tone: 'text-ink-3' },
  offline: { icon: CloudAlert, text: 'Kept in this browser', tone: 'text-warn' },
  conflict: { icon: CloudAlert, text: 'Not saved', tone: 'text-bad' },
  failed: { icon: CloudAlert, text: 'Not saved', tone: 'text-bad' },
};

export function SaveIndicator({ state }: { state: SaveState }) {
  const { icon: Icon, text, tone } = LOOKS[state.kind];
  const why = state.kind === 'offline' || state.kind === 'failed' ? errorMessage(state.error) : undefined;
  return (
    <span
      role="status"
      title={why}
      className={cn('flex w-40 items-center justify-end gap-1.5 pr-2 text-xs', tone)}
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      {text}
    </span>
  );
}
