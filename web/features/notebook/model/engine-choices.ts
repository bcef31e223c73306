import { AppWindow, Server, Zap, type LucideIcon } from 'lucide-react';
import type { EnginePreference } from '#shared/contract/plan.ts';

interface EngineOption {
  readonly value: EnginePreference;
  readonly label: string;
  readonly icon: LucideIcon;
  /** For the palette. */
  readonly command: string;
}

/** Where a person can have queries run. */
export const ENGINE_CHOICES: readonly EngineOption[] = [
  { value: 'auto', label: 'Auto', icon: Zap, command: 'Run queries wherever they are answered first' },
  { value: 'browser', label: 'This tab', icon: AppWindow, command: 'Run queries in this tab' },
  { value: 'server', label: 'Server', icon: Server, command: 'Run queries on the server' },
];
