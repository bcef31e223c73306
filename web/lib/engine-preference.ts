import { enginePreference, type EnginePreference, type TabEngine } from '#shared/contract/plan.ts';
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

/** Where queries of theirs may run: a choice of earlier, which the lakehouse does not allow by now, counts for none. */
export function allowedEngine(preferred: EnginePreference, tabEngine: TabEngine): EnginePreference {
  return preferred === 'browser' && tabEngine === 'off' ? 'auto' : preferred;
}
