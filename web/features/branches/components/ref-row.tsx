import {
  Ellipsis,
  GitCompareArrows,
  GitPullRequestArrow,
  History,
  ListRestart,
  Lock,
  LogIn,
  Pencil,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { Badge } from '#web/components/badge.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { rulesText } from '../model/protection.ts';
import type { RefActions } from '../model/use-ref-actions.ts';
import { Distance } from './distance.tsx';
import { RefIcon } from '#web/components/refs/ref-select.tsx';

interface RefRowProps {
  readonly target: RefInfo;
  readonly base: RefInfo | undefined;
  /** The page reads this one. */
  readonly here: boolean;
  readonly actions: RefActions;
  readonly onMove: (event: KeyboardEvent) => void;
}

const KEYS: Readonly<Record<string, keyof RefActions>> = {
  c: 'compare',
  m: 'propose',
  h: 'history',
  r: 'rename',
  p: 'protect',
  b: 'rebase',
  t: 'reset',
  Delete: 'remove',
};

const NOT_ON_DEFAULT: ReadonlySet<keyof RefActions> = new Set(['compare', 'propose', 'rename', 'remove']);
const BRANCHES_ONLY: ReadonlySet<keyof RefActions> = new Set(['propose', 'rebase']);

export function RefRow({ target, base, here, actions, onMove }: RefRowProps) {
  const isDefault = target.name === base?.name;
  const locked = target.protection.length > 0;
  const isTag = target.type === 'TAG';
  const offers = (action: keyof RefActions) =>
    !(isDefault && NOT_ON_DEFAULT.has(action)) && !(isTag && BRANCHES_ONLY.has(action));
  const onKeyDown = (event: KeyboardEvent) => {
    const action = KEYS[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      onMove(event);
      return;
    }
    event.preventDefault();
    if (offers(action)) actions[action](target);
  };
  return (
    <tr className="group relative h-7 border-b hover:bg-hover focus-within:bg-hover">
      <th scope="row" className="truncate pl-4 text-left font-normal">
        <span className="flex min-w-0 items-center gap-2">
          <RefIcon type={target.type} />
          {/* The whole row is the button's target. */}
          <button
            type="button"
            title={`Switch to ${target.name}`}
            aria-current={here ? 'true' : undefined}
            onClick={() => actions.switchTo(target)}
            onKeyDown={onKeyDown}
            className="min-w-0 truncate rounded-sm font-medium after:absolute after:inset-0"
          >
            {target.name}
          </button>
          {isDefault && <Badge>default</Badge>}
          {here && <Badge tone="accent">here</Badge>}
          {locked && (
            <Badge tone="warn" title={`Refused: ${rulesText(target.protection)}`} className="relative">
              <Lock aria-hidden className="size-3" />
              protected
            </Badge>
          )}
        </span>
      </th>
      <td className="truncate pl-4 text-ink-2" title={target.head?.message}>
        {target.head?.message ?? 'no commits yet'}
      </td>
      <td className="truncate pl-4 text-ink-2" title={target.head?.author}>
        {target.head?.author}
      </td>
      <td className="truncate pl-4 text-ink-2">
        {target.head !== undefined && <RelativeTime time={target.head.time} className="relative" />}
      </td>
      <td className="pl-4">
        <CopyText text={target.hash} shown={shortHash(target.hash)} what="commit hash" className="relative" />
      </td>
      <td className="pl-4 text-xs">
        {base !== undefined && !isDefault && <Distance base={base} hash={target.hash} />}
      </td>
      <td aria-label="Actions" className="relative pr-3 text-right">
        <Menu
          align="end"
          trigger={<IconButton icon={Ellipsis} label={`Actions for ${target.name}`} small side="left" />}
        >
          <MenuItem icon={LogIn} shortcut="Enter" disabled={here} onSelect={() => actions.switchTo(target)}>
            Switch to it
          </MenuItem>
          <MenuItem
            icon={GitCompareArrows}
            shortcut="c"
            disabled={!offers('compare')}
            onSelect={() => actions.compare(target)}
          >
            Compare and merge…
          </MenuItem>
          <MenuItem
            icon={GitPullRequestArrow}
            shortcut="m"
            disabled={!offers('propose')}
            onSelect={() => actions.propose(target)}
          >
            Propose a merge…
          </MenuItem>
          <MenuItem icon={History} shortcut="h" onSelect={() => actions.history(target)}>
            History
          </MenuItem>
          <MenuItem
            icon={Pencil}
            shortcut="r"
            disabled={!offers('rename')}
            onSelect={() => actions.rename(target)}
          >
            Rename…
          </MenuItem>
          <MenuItem icon={Lock} shortcut="p" onSelect={() => actions.protect(target)}>
            Protect…
          </MenuItem>
          <MenuItem
            icon={ListRestart}
            shortcut="b"
            disabled={!offers('rebase')}
            onSelect={() => actions.rebase(target)}
          >
            Rebase…
          </MenuItem>
          <MenuItem icon={Undo2} shortcut="t" onSelect={() => actions.reset(target)}>
            {isTag ? 'Move…' : 'Reset…'}
          </MenuItem>
          <MenuItem
            icon={Trash2}
            shortcut="Delete"
            danger
            disabled={!offers('remove')}
            onSelect={() => actions.remove(target)}
          >
            Delete
          </MenuItem>
        </Menu>
      </td>
    </tr>
  );
}
