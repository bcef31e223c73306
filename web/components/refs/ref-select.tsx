import { Command } from 'cmdk';
import { Check, ChevronDown, GitBranch, GitCommitHorizontal, Tag } from 'lucide-react';
import { useState } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';
import { shortRef } from './short-ref.ts';

interface RefSelectProps {
  /** What is chosen, for the accessible name: "Source". */
  readonly label: string;
  /** A ref expression. */
  readonly value: string;
  readonly onChange: (expression: string) => void;
  readonly refs: readonly RefInfo[];
  /** Any place in history can be typed, such as a commit; otherwise one of the refs it is. */
  readonly anyPlace?: boolean;
  readonly className?: string;
}

/** A branch or tag by search; a commit or a point in time by its expression. */
export function RefSelect({ label, value, onChange, refs, anyPlace = false, className }: RefSelectProps) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const chosen = refs.find((ref) => ref.name === value);
  const typed = search.trim();
  const choose = (expression: string) => {
    onChange(expression);
    show(false);
  };
  const show = (next: boolean) => {
    setOpen(next);
    setSearch('');
  };
  return (
    <Popover
      label={label}
      open={open}
      onOpenChange={show}
      className="w-80"
      trigger={
        <Button
          aria-label={`${label}: ${shortRef(value)}`}
          title={value}
          className={cn('min-w-0 shrink justify-start font-normal', className)}
        >
          <RefIcon type={chosen?.type} />
          <span className="min-w-0 flex-1 truncate text-left">{shortRef(value)}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </Button>
      }
    >
      <Command label={label} loop>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={anyPlace ? 'Branch, tag, main@commit, main*time…' : 'Find a branch or tag…'}
          className="h-9 w-full border-b bg-transparent px-3 outline-none placeholder:text-ink-3"
        />
        <Command.List className="max-h-80 overflow-y-auto p-1">
          {(!anyPlace || typed === '') && (
            <Command.Empty className="px-2 py-3 text-ink-2">No branch or tag has this name.</Command.Empty>
          )}
          {refs.map((ref) => (
            <Command.Item
              key={ref.name}
              value={`${ref.type} ${ref.name}`}
              keywords={[ref.name]}
              title={ref.name}
              onSelect={() => choose(ref.name)}
              className="row"
            >
              <RefIcon type={ref.type} />
              <span className="min-w-0 flex-1 truncate">{ref.name}</span>
              {ref.head !== undefined && (
                <RelativeTime time={ref.head.time} className="shrink-0 text-xs text-ink-3" />
              )}
              {ref.name === value && (
                <Check role="img" aria-label="chosen" className="size-4 shrink-0 text-accent-text" />
              )}
            </Command.Item>
          ))}
          {anyPlace && typed !== '' && !refs.some((ref) => ref.name === typed) && (
            <Command.Item forceMount value={`place ${typed}`} onSelect={() => choose(typed)} className="row">
              <RefIcon type={undefined} />
              <span className="min-w-0 flex-1 truncate">
                Use <span className="font-mono text-xs">{typed}</span>
              </span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Popover>
  );
}

export function RefIcon({ type }: { type: RefInfo['type'] | undefined }) {
  const Icon = type === 'TAG' ? Tag : type === 'BRANCH' ? GitBranch : GitCommitHorizontal;
  return <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />;
}
