import type { EnginePreference, TabEngine } from '#shared/contract/plan.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Transport } from '#web/lib/api-client.ts';
import { allowedEngine } from '#web/lib/engine-preference.ts';
import { browserRecords } from '#web/lib/kept-records.ts';
import { mayComeToTab } from './choose-engine.ts';
import { onCleared, openBrowserStore } from './kept/browser-store.ts';
import { KeptBytes } from './kept/kept-bytes.ts';
import { LastPlans } from './last-plans.ts';
import { openLocalStore } from './local/local-store.ts';
import { TabFiles } from './local/tab-files.ts';
import { QueryRun } from './query-run.ts';
import { Tab } from './tab.ts';
import { offeredExtensions } from './offered-extensions.ts';
import type { EngineStatus, QueryHandle, QuerySession, RowTaker, RunRequest } from './types.ts';
import { Warmer } from './warmer.ts';
import { writeRun } from './write-run.ts';

export interface QuerySessionOptions extends Transport {
  /** Bytes that the columns held in this tab may take. */
  readonly cacheBytes?: number | undefined;
  /** Whether the tab may load columns behind the server's answers, asked at each; it may where not given. */
  readonly loadsAhead?: (() => boolean) | undefined;
  /** Where the person has queries run, now; wherever they are answered first, where not given. */
  readonly preference?: (() => EnginePreference) | undefined;
  /** What the lakehouse lets the tab do, as far as the page has heard; all where not given. */
  readonly tabEngine?: (() => TabEngine) | undefined;
}

const GIB = 1024 ** 3;

/** DuckDB in this tab. It starts at once, so that it is ready when the first query comes. */
export function createQuerySession(options: QuerySessionOptions = {}): QuerySession {
  const transport: Transport = { fetch: options.fetch, baseUrl: options.baseUrl };
  const listeners = new Set<() => void>();
  let snapshot: EngineStatus | null = null;
  const changed = () => {
    snapshot = null;
    for (const listener of listeners) listener();
  };
  const kept = new KeptBytes(openBrowserStore(), changed);
  const loadsChanged = () => {
    kept.later();
    changed();
  };
  const { loadsAhead = () => true, preference = () => 'auto', tabEngine = () => 'on' } = options;
  const tab: Tab = new Tab({
    budget: options.cacheBytes ?? defaultBudget(),
    origin: options.baseUrl ?? location.origin,
    engine: { extensions: (platform) => offeredExtensions(platform, transport) },
    onChange: loadsChanged,
    // Nobody else can answer what reads a file of the tab.
    expectsQueries: () =>
      files.relations().length > 0 ||
      mayComeToTab({ preference: preference(), tabEngine: tabEngine(), loadsAhead: loadsAhead() }),
  });
  const warmer = new Warmer(tab, changed);
  const plans = new LastPlans(browserRecords());
  onCleared(() => plans.forget());
  const files = new TabFiles(() => tab.ready(), openLocalStore(), transport);

  return {
    files,
    run: (asked: RunRequest, taker?: RowTaker): QueryHandle => {
      // Nobody but the tab hands on its rows.
      const request =
        taker === undefined ? { ...asked, preference: allowedEngine(asked.preference, tabEngine()) } : asked;
      const run = new QueryRun({ tab, warmer, files, plans, transport, loadsAhead }, request, taker);
      // Who is no longer let in leaves no data behind for the next one at this browser.
      run.result.catch(async (error: unknown) => {
        if (!isAppError(error, 'UNAUTHENTICATED')) return;
        await Promise.all([plans.clear(), kept.clear(), files.forget()]);
      });
      return run;
    },
    write: (request) => writeRun(request, transport),
    status: () => (snapshot ??= { ...tab.status(), warming: warmer.progress, kept: kept.bytes }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stopLoadingAhead: () => warmer.stop(),
    clearCache: async () => {
      warmer.stop();
      await tab.running?.loader.clear();
      await Promise.all([plans.clear(), kept.clear()]);
    },
    close: async () => {
      warmer.stop();
      kept.stop();
      tab.close();
      await Promise.resolve();
    },
  };
}

/** A part of the machine's memory, as far as the browser tells it (never more than 8 GiB, never exactly). */
function defaultBudget(): number {
  const { deviceMemory = 4 } = navigator as { readonly deviceMemory?: number };
  return Math.round(Math.min(1.5, Math.max(0.25, deviceMemory / 6)) * GIB);
}
