import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import {
  BookMarked,
  BookOpenText,
  CalendarClock,
  Database,
  GitBranch,
  GitCompareArrows,
  History,
  Keyboard,
  Monitor,
  Moon,
  PanelLeft,
  Search,
  SquareTerminal,
  Sun,
} from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { JobInfo } from '#shared/contract/jobs.ts';
import { useFollowJobs } from '#web/features/jobs/api/follow-jobs.ts';
import { DemoProgress } from '#web/features/jobs/components/demo-progress.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { setTheme } from '#web/lib/theme.ts';
import { OfflineBanner } from './offline-banner.tsx';
import { CommandPalette } from './command-palette.tsx';
import { useConnection, useRecovery } from './connection.ts';
import { ContextPanel } from './context-panel.tsx';
import { usePanel } from './panel-width.ts';
import { LocalFileDrop } from './local-files.tsx';
import { Rail } from './rail.tsx';
import { QueryKeeping } from './query-keeping.tsx';
import { RefGate } from './ref-gate.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { SignedOutBanner } from './signed-out-banner.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

export function AppShell() {
  return (
    <RefGate>
      <QueryKeeping>
        <Frame />
      </QueryKeeping>
    </RefGate>
  );
}

function Frame() {
  const place = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();
  const [searching, setSearching] = useState(false);
  const [showShortcuts, setShowShortcuts] = useState(false);
  const { width, open, resize, toggle } = usePanel();
  const connection = useConnection();
  useRecovery(connection);
  useRefreshAsJobsRun();
  useFocusInPlace();

  useCommands(
    useMemo(
      () => [
        {
          id: 'palette',
          title: 'Search and commands',
          group: 'Go to',
          icon: Search,
          shortcut: 'Mod+K',
          beforeEditors: true,
          run: () => setSearching(true),
        },
        {
          id: 'go.notebooks',
          title: 'Notebooks',
          group: 'Go to',
          icon: BookOpenText,
          shortcut: 'Alt+1',
          run: () => void navigate({ to: '/notebooks' }),
        },
        {
          id: 'go.catalog',
          title: 'Catalog',
          group: 'Go to',
          icon: Database,
          shortcut: 'Alt+2',
          run: () => void navigate({ to: '/catalog' }),
        },
        {
          id: 'go.history',
          title: 'History',
          group: 'Go to',
          icon: History,
          shortcut: 'Alt+3',
          run: () => void navigate({ to: '/history' }),
        },
        {
          id: 'go.branches',
          title: 'Branches',
          group: 'Go to',
          icon: GitBranch,
          shortcut: 'Alt+4',
          run: () => void navigate({ to: '/branches' }),
        },
        {
          id: 'go.queries',
          title: 'Query history',
          group: 'Go to',
          icon: SquareTerminal,
          shortcut: 'Alt+5',
          run: () => void navigate({ to: '/queries' }),
        },
        {
          id: 'go.saved-queries',
          title: 'Saved queries and snippets',
          group: 'Go to',
          icon: BookMarked,
          run: () => void navigate({ to: '/queries/saved' }),
        },
        {
          id: 'go.schedules',
          title: 'Scheduled runs',
          group: 'Go to',
          icon: CalendarClock,
          run: () => void navigate({ to: '/queries/schedules' }),
        },
        {
          id: 'go.compare',
          title: 'Compare and merge…',
          group: 'Go to',
          icon: GitCompareArrows,
          shortcut: 'Alt+M',
          run: () => void navigate({ to: '/branches/compare' }),
        },
        {
          id: 'view.panel',
          title: 'Show or hide the side panel',
          group: 'View',
          icon: PanelLeft,
          shortcut: 'Mod+\\',
          run: toggle,
        },
        {
          id: 'view.shortcuts',
          title: 'Keyboard shortcuts',
          group: 'View',
          icon: Keyboard,
          hint: '?',
          run: () => setShowShortcuts(true),
        },
        { id: 'theme.light', title: 'Light theme', group: 'View', icon: Sun, run: () => setTheme('light') },
        { id: 'theme.dark', title: 'Dark theme', group: 'View', icon: Moon, run: () => setTheme('dark') },
        {
          id: 'theme.system',
          title: 'Theme as the system',
          group: 'View',
          icon: Monitor,
          run: () => setTheme('system'),
        },
      ],
      [navigate, toggle],
    ),
  );

  return (
    <div className="flex h-full select-none">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 shadow-float focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the content
      </a>
      <Rail place={place} onShortcuts={() => setShowShortcuts(true)} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar panelOpen={open} onTogglePanel={toggle} onSearch={() => setSearching(true)} />
        <div className="flex min-h-0 flex-1">
          <ContextPanel open={open} width={width} onWidth={resize} onClose={toggle} />
          <main
            id="main"
            tabIndex={-1}
            className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface outline-none select-text"
          >
            {connection === 'signed-out' && <SignedOutBanner />}
            {connection === 'offline' && <OfflineBanner />}
            <DemoProgress />
            <Outlet />
          </main>
        </div>
        <StatusBar connection={connection} />
      </div>
      <CommandPalette open={searching} onOpenChange={setSearching} />
      <ShortcutsDialog open={showShortcuts} onOpenChange={setShowShortcuts} />
      <LocalFileDrop />
    </div>
  );
}

/** A job that writes tables makes commits: what the page shows of them is asked for anew, step by step. */
function useRefreshAsJobsRun(): void {
  const client = useQueryClient();
  const onStep = useCallback(
    (job: JobInfo) => {
      for (const key of ['tables', 'refs']) void client.invalidateQueries({ queryKey: [key] });
      if (job.state !== 'running') void client.invalidateQueries({ queryKey: ['notebooks'] });
    },
    [client],
  );
  useFollowJobs(onStep);
}

/**
 * Whoever came to a page by a key goes on by Tab in that page, and not before all of the shell. A notebook takes the
 * focus itself.
 */
function useFocusInPlace(): void {
  const place = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(place);
  useEffect(() => {
    const moved = before.current !== undefined && before.current !== place;
    before.current = place;
    if (!moved || document.activeElement !== document.body || place?.startsWith('/notebooks/') === true)
      return;
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }, [place]);
}
