import { AppWindow, Network, Server, Zap, type LucideIcon } from 'lucide-react';
import type { EngineName, EnginePreference } from '#shared/contract/plan.ts';

interface EngineOption {
  readonly value: EnginePreference;
  readonly label: string;
  readonly icon: LucideIcon;
  /** For the palette. */
  readonly command: string;
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

/** With the cluster, where one is set up, or was when it was chosen. */
export function engineChoices(hasCluster: boolean, preferred: EnginePreference): readonly EngineOption[] {
  return hasCluster || preferred === 'cluster' ? [...ENGINE_CHOICES, CLUSTER] : ENGINE_CHOICES;
}

/** Which engine answered. */
export const ENGINES: Readonly<
  Record<EngineName, { readonly label: string; readonly answered: string; readonly icon: LucideIcon }>
> = {
  browser: { label: 'Tab', answered: 'Answered by this tab', icon: AppWindow },
  server: { label: 'Server', answered: 'Answered by the server', icon: Server },
  cluster: { label: 'Cluster', answered: 'Answered by the cluster', icon: Network },
};
