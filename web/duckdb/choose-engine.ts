import { YOU_CHOSE } from '#shared/contract/engine-reasons.ts';
import type { EngineName, EnginePreference, Plan, TabEngine } from '#shared/contract/plan.ts';
import { answeredFromViewsSentence } from '#shared/sql/answered-from-views.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { MEMORY_PER_FILE_BYTE } from './cache/column-loader.ts';
import type { Missing } from './cache/needs.ts';
import type { EngineStatus } from './types.ts';

export interface EngineChoice {
  readonly engine: EngineName;
  /** In sentences, for people. */
  readonly reason: string;
  /** Whether the tab should load the columns behind the server's answer, so that the next run is local. */
  readonly warm: boolean;
}

export interface ChoiceInput {
  readonly plan: Pick<Plan, 'engine' | 'bytes' | 'answeredFrom' | 'views'>;
  /** What the plan needs and the tab does not hold. */
  readonly missing: Missing;
  readonly preference: EnginePreference;
  /** Whether the person lets the tab load data that they did not ask it for. */
  readonly loadsAhead: boolean;
  readonly status: Pick<EngineStatus, 'state' | 'cache' | 'error'>;
}

/** What a page knows before any query of where queries will run. */
interface Outlook {
  readonly preference: EnginePreference;
  /** What the lakehouse lets the tab do. */
  readonly tabEngine: TabEngine;
  readonly loadsAhead: boolean;
}

/** Of the cache's budget, what one warm-up may take, so that it does not push out everything else. */
const WARM_SHARE = 0.5;

/** Where a query runs. The tab answers what it holds; the server answers the rest while the tab catches up. */
export function chooseEngine(input: ChoiceInput): EngineChoice {
  const choice = choose(input);
  const sentence = answeredFromViewsSentence(input.plan.views);
  // What the plan says itself has it already.
  if (sentence === null || choice.reason.includes(sentence)) return choice;
  return { ...choice, reason: `${choice.reason} ${sentence}` };
}

/** Whether queries of tables may come to the tab at all. */
export function mayComeToTab({ preference, tabEngine, loadsAhead }: Outlook): boolean {
  if (tabEngine === 'off') return false;
  // Who leaves it to the page has the tab answer what it loaded behind the server's answers.
  return preference === 'browser' || (preference === 'auto' && loadsAhead && tabEngine === 'on');
}

function choose({ plan, missing, preference, loadsAhead, status }: ChoiceInput): EngineChoice {
  if (plan.answeredFrom === 'metadata') {
    const runsHere = preference === 'browser' || (preference === 'auto' && status.state === 'ready');
    return (runsHere ? inTab : onServer)(plan.engine.reason);
  }
  if (preference === 'server') return onServer(YOU_CHOSE.server);
  if (plan.engine.choice === 'cluster') return { ...onServer(plan.engine.reason), engine: 'cluster' };
  // What the cluster does not take, and why, is for the server to say.
  if (preference === 'cluster') return onServer(plan.engine.reason);
  if (!plan.engine.browserCapable) return onServer(plan.engine.reason);
  const inMemory = plan.bytes * MEMORY_PER_FILE_BYTE;
  const { budget } = status.cache;
  if (missing.bytes > 0 && inMemory > budget) {
    return onServer(
      `It needs about ${formatBytes(inMemory)} in the tab, which may hold ${formatBytes(budget)}.`,
    );
  }
  if (preference === 'browser') {
    return inTab(
      missing.columns === 0 ? YOU_CHOSE.browser : `You chose the tab, which loads ${amount(missing)} first.`,
    );
  }
  if (status.state === 'failed')
    return onServer(`The tab’s engine does not run: ${status.error ?? 'unknown'}`);
  if (plan.engine.choice === 'server') return onServer(plan.engine.reason);
  const warm = loadsAhead && plan.engine.loadAhead !== false && inMemory <= budget * WARM_SHARE;
  if (status.state !== 'ready') {
    return { engine: 'server', reason: 'The tab’s engine is still starting.', warm };
  }
  if (missing.columns === 0)
    // What needs none is held nowhere: the plan says so.
    return inTab(plan.bytes === 0 ? plan.engine.reason : 'The tab holds every column that it needs.');
  const then = warm ? ', and which it loads for the next run' : '';
  return {
    engine: 'server',
    reason: `It needs ${amount(missing)} that the tab does not hold yet${then}.`,
    warm,
  };
}

function inTab(reason: string): EngineChoice {
  return { engine: 'browser', reason, warm: false };
}

function onServer(reason: string): EngineChoice {
  return { engine: 'server', reason, warm: false };
}

function amount({ bytes, files }: Missing): string {
  return `${formatBytes(bytes)} in ${files} ${files === 1 ? 'file' : 'files'}`;
}
