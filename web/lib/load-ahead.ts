import { storedChoice } from './stored-choice.ts';

const OFF = 'off';
const choice = storedChoice(
  'timestream.load-ahead',
  (text) => text !== OFF,
  (wanted) => (wanted ? null : OFF),
);

/** Whether this tab may load the columns of answers that the server gave. */
export const loadsAhead = choice.get;
export const setLoadsAhead = choice.set;
export const useLoadsAhead = choice.use;
