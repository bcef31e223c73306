import { Command as Palette } from 'cmdk';
import { useNavigate } from '@tanstack/react-router';
import { GitBranch, Table2, Tag } from 'lucide-react';
import { useRef, useState } from 'react';
import { Dialog } from 'radix-ui';
import { useFocusBefore } from '#web/components/focus-before.ts';
import { Kbd } from '#web/components/kbd.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useAllCommands, type Command } from '#web/lib/commands.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { rankCommand } from './palette-rank.ts';

interface CommandPaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Everything that can be done here, and every place to go to, by typing. */
export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const chosen = useRef<(() => void) | null>(null);
  const focusBefore = useFocusBefore(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-(--scrim)" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusBefore()?.focus({ preventScroll: true });
            // Only once the focus is back: what a command opens would lose it again, and close.
            if (chosen.current !== null) setTimeout(chosen.current);
            chosen.current = null;
          }}
          className="fixed top-[12vh] left-1/2 z-40 w-150 max-w-[calc(100vw-32px)] -translate-x-1/2 animate-appear overflow-hidden rounded-lg bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <PaletteBody
            onChoose={(run) => {
              chosen.current = run;
              onOpenChange(false);
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({ onChoose }: { onChoose: (run: () => void) => void }) {
  const registered = useAllCommands();
  const places = usePlaces();
  const [typed, setTyped] = useState('');
  const groups = byGroup([...registered.filter(({ id }) => id !== 'palette'), ...places], typed);
  return (
    <Palette
      label="Commands"
      loop
      filter={(_, typed, [title = '', group = ''] = []) => rankCommand(title, group, typed)}
    >
      <Palette.Input
        autoFocus
        value={typed}
        onValueChange={setTyped}
        placeholder="Search notebooks, tables, branches and commands…"
        className="h-11 w-full border-b bg-transparent px-4 outline-none placeholder:text-ink-3"
      />
      <Palette.List className="max-h-[56vh] overflow-y-auto p-1">
        <Palette.Empty className="p-4 text-ink-2">Nothing here is called like that.</Palette.Empty>
        {groups.map(([group, commands]) => (
          <Palette.Group
            key={group}
            heading={group}
            className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-xs **:[[cmdk-group-heading]]:text-ink-3"
          >
            {commands.map(({ id, title, icon: Icon, shortcut, hint, run }) => (
              <Palette.Item
                key={id}
                value={`${group} ${title} ${id}`}
                keywords={[title, group]}
                className="row"
                onSelect={() => onChoose(run)}
              >
                {Icon !== undefined && (
                  <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
                )}
                <span className="min-w-0 flex-1 truncate">{title}</span>
                {(shortcut ?? hint) !== undefined && <Kbd keys={shortcut ?? hint ?? ''} />}
              </Palette.Item>
            ))}
          </Palette.Group>
        ))}
      </Palette.List>
    </Palette>
  );
}

/** Tables and refs: too many to be commands that are always registered. */
function usePlaces(): readonly Command[] {
  const { expression, go } = useCurrentRef();
  const navigate = useNavigate();
  const tables = useTables(expression).data?.tables ?? [];
  const refs = useRefs().data?.refs ?? [];
  return [
    ...tables.map((table) => ({
      id: `table.${table.id}`,
      title: table.id,
      group: 'Tables',
      icon: Table2,
      run: () => void navigate({ to: '/catalog/$table', params: { table: table.id } }),
    })),
    ...refs.map((ref) => ({
      id: `ref.${ref.name}`,
      title: ref.name,
      group: 'Branches and tags',
      icon: ref.type === 'TAG' ? Tag : GitBranch,
      run: () => go(ref.name),
    })),
  ];
}

/** Groups by what answers best to what was typed; until then, what is at hand comes before what is elsewhere. */
function byGroup(commands: readonly Command[], typed: string): readonly [string, readonly Command[]][] {
  const groups = new Map<string, Command[]>(NEAREST_GROUPS.map((group) => [group, []]));
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  const best = (group: string, each: readonly Command[]) =>
    Math.max(...each.map(({ title }) => rankCommand(title, group, typed)));
  return [...groups]
    .filter(([, each]) => each.length > 0)
    .map(([group, each]) => ({ entry: [group, each] as [string, Command[]], rank: best(group, each) }))
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ entry }) => entry);
}

const NEAREST_GROUPS = ['The selected cell', 'This notebook'];
