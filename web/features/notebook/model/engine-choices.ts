import { AppWindow, Database, Network, Server, Zap, type LucideIcon } from 'lucide-react';
import { SERVER_ALONE } from '#shared/contract/engine-reasons.ts';
import type { EngineName, EnginePreference, TabEngine } from '#shared/contract/plan.ts';

interface EngineOption {
  readonly value: EnginePreference;
  readonly label: string;
  readonly icon: LucideIcon;
  /** For the palette. */
  readonly command: string;
  /** Why it can't be chosen. */
  readonly unavailable?: string;
}

/** Where a person can have queries run. */
const ENGINE_CHOICES: readonly EngineOption[] = [
  { value: 'auto', label: 'Auto', icon: Zap, command: 'Run queries wherever they are answered first' },
  { value: 'browser', label: 'This tab', icon: AppWindow, command: 'Run queries in this tab' },
  { value: 'server', label: 'Server', icon: Server, command: 'Run queries on the server' },
];

const CLUSTER: EngineOption = {
  value: 'cluster',
  label: 'Cluster',
  icon: Network,
  command: 'Run queries on the cluster',
};

interface EnginesHere {
  readonly hasCluster: boolean;
  readonly tabEngine: TabEngine;
}

/** With the cluster, where one is set up, or was when it was chosen; the tab says why where it may not be chosen. */
export function engineChoices(
  { hasCluster, tabEngine }: EnginesHere,
  preferred: EnginePreference,
): readonly EngineOption[] {
  const choices = hasCluster || preferred === 'cluster' ? [...ENGINE_CHOICES, CLUSTER] : ENGINE_CHOICES;
  if (tabEngine !== 'off') return choices;
  return choices.map((each) => (each.value === 'browser' ? { ...each, unavailable: SERVER_ALONE } : each));
}

interface Answerer {
  readonly label: string;
  readonly answered: string;
  readonly icon: LucideIcon;
}

/** Which engine answered. */
export const ENGINES: Readonly<Record<EngineName, Answerer>> = {
  browser: { label: 'Tab', answered: 'Answered by this tab', icon: AppWindow },
  server: { label: 'Server', answered: 'Answered by the server', icon: Server },
  cluster: { label: 'Cluster', answered: 'Answered by the cluster', icon: Network },
};

/** Of an answer that was in the plan, whichever engine passed it on. */
export const METADATA: Answerer = {
  label: 'Metadata',
  answered: 'Answered from metadata',
  icon: Database,
};
