import { PanelLeft, Search } from 'lucide-react';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Kbd } from '#web/components/kbd.tsx';
import { RefPicker } from '#web/features/refs/components/ref-picker.tsx';
import { TimeMachine } from '#web/features/refs/components/time-machine.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { Breadcrumb } from './breadcrumb.tsx';

interface TopBarProps {
  readonly panelOpen: boolean;
  readonly onTogglePanel: () => void;
  readonly onSearch: () => void;
}

export function TopBar({ panelOpen, onTogglePanel, onSearch }: TopBarProps) {
  const { readOnly, missing } = useCurrentRef();
  return (
    <header
      className={cn(
        'flex h-11 shrink-0 items-center gap-1 border-b px-2 transition-colors duration-100',
        missing
          ? 'bg-warn-soft shadow-[inset_0_2px_0_var(--warn)]'
          : readOnly && 'border-past-line bg-past-soft shadow-[inset_0_2px_0_var(--past)]',
      )}
    >
      <IconButton
        icon={PanelLeft}
        label={panelOpen ? 'Hide the side panel' : 'Show the side panel'}
        shortcut="Mod+\"
        aria-expanded={panelOpen}
        onClick={onTogglePanel}
      />
      <Breadcrumb />
      <div role="group" aria-label="Where the page reads" className="ml-3 flex min-w-0 items-center gap-1">
        <RefPicker />
        <TimeMachine />
      </div>
      <div className="flex-1" />
      <Button
        look="quiet"
        onClick={onSearch}
        aria-label="Search and commands"
        className="min-w-0 shrink justify-start border border-line-strong bg-surface pr-1.5 font-normal text-ink-3 lg:w-64"
      >
        <Search aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
        <span className="hidden flex-1 truncate text-left lg:inline">Search or do…</span>
        <Kbd keys="Mod+K" />
      </Button>
    </header>
  );
}
