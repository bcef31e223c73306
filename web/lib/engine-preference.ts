import { enginePreference, type EnginePreference } from '#shared/contract/plan.ts';
import { storedChoice } from './stored-choice.ts';

const choice = storedChoice<EnginePreference>(
  'timestream.engine',
  (text) => enginePreference.catch('auto').parse(text),
  (preference) => preference,
);

/** Where a person wants queries to run, in all notebooks. */
export const preferredEngine = choice.get;
export const setPreferredEngine = choice.set;
export const usePreferredEngine = choice.use;
