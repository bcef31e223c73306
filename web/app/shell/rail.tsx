import { Link } from '@tanstack/react-router';
import {
  BookOpenText,
  Database,
  GitBranch,
  History,
  Keyboard,
  Monitor,
  Moon,
  SquareTerminal,
  Sun,
  type LucideIcon,
} from 'lucide-react';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuChoice, MenuLabel } from '#web/components/menu.tsx';
import { Tooltip } from '#web/components/tooltip.tsx';
import { setTheme, useThemeChoice, type ThemeChoice } from '#web/lib/theme.ts';
import { AuthorMenu } from './author-menu.tsx';
import { Mark } from './mark.tsx';

const PLACES: readonly {
  to: '/notebooks' | '/catalog' | '/history' | '/branches' | '/queries';
  label: string;
  icon: LucideIcon;
  shortcut: string;
}[] = [
  { to: '/notebooks', label: 'Notebooks', icon: BookOpenText, shortcut: 'Alt+1' },
  { to: '/catalog', label: 'Catalog', icon: Database, shortcut: 'Alt+2' },
  { to: '/history', label: 'History', icon: History, shortcut: 'Alt+3' },
  { to: '/branches', label: 'Branches', icon: GitBranch, shortcut: 'Alt+4' },
  { to: '/queries', label: 'Queries', icon: SquareTerminal, shortcut: 'Alt+5' },
];

const THEMES: readonly { value: ThemeChoice; label: string; icon: LucideIcon }[] = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'As the system', icon: Monitor },
];

export function Rail({ place, onShortcuts }: { place: string; onShortcuts: () => void }) {
  const theme = useThemeChoice();
  return (
    <nav aria-label="Main" className="flex w-12 shrink-0 flex-col items-center gap-1 border-r pb-2">
      <div className="flex h-11 items-center">
        <Mark />
      </div>
      {PLACES.map(({ to, label, icon: Icon, shortcut }) => {
        const here = place.startsWith(to) || (to === '/notebooks' && place === '/');
        return (
          <Tooltip key={to} content={label} shortcut={shortcut} side="right">
            <Link
              to={to}
              aria-label={label}
              aria-current={here ? 'page' : undefined}
              className="relative flex size-9 items-center justify-center rounded-md text-ink-3 transition-colors duration-100 hover:bg-hover hover:text-ink aria-[current=page]:bg-selected aria-[current=page]:text-accent-text"
            >
              <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
            </Link>
          </Tooltip>
        );
      })}
      <div className="flex-1" />
      <IconButton
        icon={Keyboard}
        label="Keyboard shortcuts"
        shortcut="?"
        side="right"
        onClick={onShortcuts}
      />
      <AuthorMenu />
      <Menu
        side="right"
        align="end"
        trigger={
          <IconButton
            icon={THEMES.find((each) => each.value === theme)?.icon ?? Monitor}
            label="Theme"
            side="right"
          />
        }
      >
        <MenuLabel>Theme</MenuLabel>
        <MenuChoice value={theme} onChange={(value) => setTheme(value as ThemeChoice)} options={THEMES} />
      </Menu>
    </nav>
  );
}
