import { Cpu, HardDrive, KeyRound, WifiOff } from 'lucide-react';
import type { EngineStatus } from '#web/duckdb/types.ts';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { useToast } from '#web/components/toast.tsx';
import { JobsStatus } from '#web/features/jobs/components/jobs-status.tsx';
import { cn } from '#web/lib/class-names.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { querySession, useEngineStatus } from '../query-session.ts';
import type { Connection } from './connection.ts';
import { LoadAheadChoice, LoadAheadFigure } from './load-ahead.tsx';

/** The state of things, quiet at the foot of the page; every figure opens what explains it. */
export function StatusBar({ connection }: { connection: Connection }) {
  const status = useEngineStatus();
  return (
    <footer
      aria-label="Status"
      className="flex h-7 shrink-0 items-center gap-1 border-t px-2 text-xs text-ink-2"
    >
      <EngineFigure status={status} />
      <CacheFigure status={status} onClear={() => querySession().clearCache()} />
      <LoadAheadFigure progress={status.warming} onStop={stopLoadingAhead} />
      <div className="flex-1" />
      <JobsStatus />
      <span
        role="status"
        className={cn(
          'flex items-center gap-1.5 px-1.5',
          connection !== 'connected' && 'font-medium text-warn',
        )}
      >
        {connection === 'connected' && (
          <>
            <span aria-hidden className="size-1.5 rounded-full bg-good" />
            Connected
          </>
        )}
        {connection === 'offline' && (
          <>
            <WifiOff aria-hidden className="size-3.5" /> The server can’t be reached
          </>
        )}
        {connection === 'signed-out' && (
          <>
            <KeyRound aria-hidden className="size-3.5" /> Signed out
          </>
        )}
      </span>
    </footer>
  );
}

const stopLoadingAhead = () => querySession().stopLoadingAhead();

const STATES: Readonly<Record<EngineStatus['state'], string>> = {
  starting: 'DuckDB starts…',
  ready: 'DuckDB is ready',
  restarting: 'DuckDB restarts…',
  failed: 'The server answers all',
};

function EngineFigure({ status }: { status: EngineStatus }) {
  return (
    <Popover
      label="Engine"
      side="top"
      className="w-80 p-3"
      trigger={
        <Button look="quiet" small className="h-5 px-1.5 font-normal">
          <Cpu
            aria-hidden
            className={cn('size-3.5', status.state === 'failed' ? 'text-warn' : 'text-ink-3')}
          />
          {STATES[status.state]}
        </Button>
      }
    >
      <p className="font-medium">DuckDB in this tab</p>
      <p className="mt-1 text-ink-2">
        {status.state === 'failed'
          ? `It could not start${status.error === undefined ? '' : `: ${status.error}`} The server engine answers every query.`
          : 'Queries run here when the columns they need are loaded. Until then the server engine answers.'}
      </p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-ink-3">Build</dt>
        <dd>{status.bundle === null ? 'none yet' : BUNDLES[status.bundle]}</dd>
        <dt className="text-ink-3">Threads</dt>
        <dd>{status.threads}</dd>
      </dl>
      <LoadAheadChoice onStop={stopLoadingAhead} />
    </Popover>
  );
}

const BUNDLES = {
  coi: 'with threads (coi)',
  eh: 'one thread (eh)',
  mvp: 'one thread, for any browser (mvp)',
} as const;

function CacheFigure({ status, onClear }: { status: EngineStatus; onClear: () => Promise<void> }) {
  const toast = useToast();
  const { bytes, budget, columns } = status.cache;
  return (
    <Popover
      label="Cache of the tab"
      side="top"
      className="w-72 p-3"
      trigger={
        <Button
          look="quiet"
          small
          className="h-5 px-1.5 font-normal"
          title={`This tab holds ${exactBytes(bytes)} of columns.`}
        >
          <HardDrive aria-hidden className="size-3.5 text-ink-3" />
          {formatBytes(bytes)} in this tab
        </Button>
      }
    >
      <p className="font-medium">Columns held by this tab</p>
      <p className="mt-1 text-ink-2">
        {formatInteger(columns)} {columns === 1 ? 'column' : 'columns'} of data files, compressed. A data file
        never changes, so they stay valid on every branch and at every time.
      </p>
      <ProgressBar label="Cache in use" done={bytes} total={budget} className="mt-3" />
      <p className="mt-1 flex justify-between text-xs text-ink-3">
        <span>{formatBytes(bytes)}</span>
        <span>of {formatBytes(budget)}</span>
      </p>
      <p className="mt-2 text-ink-2">
        {status.kept === 0
          ? 'This browser keeps nothing for the next visit yet.'
          : `This browser keeps ${formatBytes(status.kept)} of data files for the next visit, which then loads them without the network.`}
      </p>
      <Button
        small
        className="mt-3"
        disabled={bytes === 0 && status.kept === 0}
        onClick={() => {
          void onClear().then(() => toast({ title: 'The cache of this tab is empty.' }));
        }}
      >
        Empty the cache
      </Button>
    </Popover>
  );
}
