import type { EngineName } from './plan.ts';

/** Why an engine is the one that was named: what both the server and the page may have to say. */

export const YOU_CHOSE: Readonly<Record<EngineName, string>> = {
  browser: 'You chose the tab.',
  server: 'You chose the server.',
  cluster: 'You chose the cluster.',
};

export const SERVER_ALONE = 'This lakehouse runs queries on the server alone.';
