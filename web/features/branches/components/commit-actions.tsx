import { Cherry, FileDiff, GitCompareArrows, Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { ariaShortcut, keyNames } from '#web/lib/platform.ts';

interface CommitActionsProps {
  readonly entry: LogEntry;
  /** Shows which rows it changed. */
  readonly onChanges: (entry: LogEntry) => void;
  readonly onPick: (kind: 'cherry-pick' | 'revert', entry: LogEntry) => void;
  readonly onCompare: (entry: LogEntry) => void;
}

/** What can be done with a commit besides reading it; also in the palette while it is selected. */
export function CommitActions({ entry, onChanges, onPick, onCompare }: CommitActionsProps) {
  const actions = useMemo(
    () => [
      {
        id: 'commit.changes',
        label: 'What changed',
        title: 'Show what the selected commit changed',
        icon: FileDiff,
        shortcut: 'Alt+D',
        run: () => onChanges(entry),
      },
      {
        id: 'commit.revert',
        label: 'Revert…',
        title: 'Revert the selected commit…',
        icon: Undo2,
        shortcut: 'Alt+R',
        run: () => onPick('revert', entry),
      },
      {
        id: 'commit.cherry-pick',
        label: 'Cherry-pick…',
        title: 'Cherry-pick the selected commit…',
        icon: Cherry,
        shortcut: 'Alt+K',
        run: () => onPick('cherry-pick', entry),
      },
      {
        id: 'commit.compare',
        label: 'Compare…',
        title: 'Compare the selected commit with…',
        icon: GitCompareArrows,
        shortcut: 'Alt+V',
        run: () => onCompare(entry),
      },
    ],
    [entry, onChanges, onPick, onCompare],
  );
  useCommands(useMemo(() => actions.map((each) => ({ ...each, group: 'The selected commit' })), [actions]));
  return (
    <div className="flex flex-wrap gap-2 px-4 pb-3">
      {actions.map(({ id, label, title, icon: Icon, shortcut, run }) => (
        <Button
          key={id}
          small
          title={`${title} (${keyNames(shortcut).join('+')})`}
          aria-keyshortcuts={ariaShortcut(shortcut)}
          onClick={run}
        >
          <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />
          {label}
        </Button>
      ))}
    </div>
  );
}
