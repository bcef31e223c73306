import { Command } from 'cmdk';
import { Check, ChevronDown, GitBranch, Plus, Tag, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { useCommands, type Command as PageCommand } from '#web/lib/commands.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useRefs } from '../api/list-refs.ts';
import { describeRef } from '../model/describe-ref.ts';
import { DeleteRefRow } from './delete-ref-row.tsx';
import { CreateBranch } from './create-branch.tsx';

/** Which branch or tag the page reads; search, and a new branch from here. */
export function RefPicker() {
  const [open, setOpen] = useState(false);
  const [creating, setCreating] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const current = useCurrentRef();
  const list = useRefs().data ?? { refs: [], defaultBranch: current.defaultBranch };
  const { name, moment, missing } = describeRef(current.expression, list);
  const isTag = moment === 'tag';
  const here = list.refs.find((ref) => ref.name === name && ref.name !== list.defaultBranch);

  const show = (next: boolean) => {
    setOpen(next);
    setCreating(null);
    setSearch('');
  };
  const choose = (ref: RefInfo) => {
    current.go(ref.name);
    show(false);
  };
  useCommands(
    useState<readonly PageCommand[]>(() => [
      {
        id: 'ref.pick',
        title: 'Switch branch or tag…',
        group: 'Go to',
        icon: GitBranch,
        shortcut: 'Mod+B',
        run: () => setOpen(true),
      },
    ])[0],
  );

  return (
    <Popover
      label="Branches and tags"
      open={open}
      onOpenChange={show}
      className="w-80"
      trigger={
        <Button
          look="quiet"
          aria-label={missing ? `${name}, which does not exist` : `${isTag ? 'Tag' : 'Branch'} ${name}`}
          className="max-w-60 font-medium text-ink"
        >
          {missing ? (
            <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
          ) : isTag ? (
            <Tag aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
          ) : (
            <GitBranch aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
          )}
          <span className="truncate">{name}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </Button>
      }
    >
      {creating === null ? (
        <>
          <Command label="Branches and tags" loop>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder="Find a branch or tag…"
              className="h-9 w-full border-b bg-transparent px-3 outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-[min(20rem,calc(var(--radix-popover-content-available-height,100vh)-9rem))] overflow-y-auto p-1">
              <Command.Empty className="px-2 py-3 text-ink-2">No branch or tag has this name.</Command.Empty>
              {(['BRANCH', 'TAG'] as const).map((type) => (
                <RefGroup key={type} type={type} refs={list.refs} here={name} onChoose={choose} />
              ))}
            </Command.List>
          </Command>
          {/* Not in the list, which takes Enter for itself wherever in it the focus is. */}
          <div className="border-t p-1">
            <button type="button" className="row w-full" onClick={() => setCreating(search)}>
              <Plus aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
              <span className="truncate">
                {search === '' ? 'New branch from here…' : `New branch “${search}” from here…`}
              </span>
            </button>
            {here !== undefined && <DeleteRefRow target={here} onDone={() => show(false)} />}
          </div>
        </>
      ) : (
        <CreateBranch
          from={missing ? current.defaultBranch : current.expression}
          initialName={creating}
          onDone={() => show(false)}
          onBack={() => setCreating(null)}
        />
      )}
    </Popover>
  );
}

interface RefGroupProps {
  readonly type: RefInfo['type'];
  readonly refs: readonly RefInfo[];
  readonly here: string;
  readonly onChoose: (ref: RefInfo) => void;
}

function RefGroup({ type, refs, here, onChoose }: RefGroupProps) {
  const some = refs.filter((ref) => ref.type === type);
  if (some.length === 0) return null;
  const Icon = type === 'TAG' ? Tag : GitBranch;
  return (
    <Command.Group
      heading={type === 'TAG' ? 'Tags' : 'Branches'}
      className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-1.5 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:text-ink-3"
    >
      {some.map((ref) => (
        <Command.Item
          key={ref.name}
          value={`${ref.type} ${ref.name}`}
          keywords={[ref.name]}
          onSelect={() => onChoose(ref)}
          className="row"
          title={ref.head?.message}
        >
          <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          <span className="truncate">{ref.name}</span>
          <span className="ml-auto flex shrink-0 items-center gap-2 text-xs text-ink-3">
            {ref.head !== undefined && <RelativeTime time={ref.head.time} />}
            {ref.name === here && (
              <Check role="img" aria-label="current" className="size-4 text-accent-text" />
            )}
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
