import { storedChoice } from '#web/lib/stored-choice.ts';

const choice = storedChoice(
  'timestream.column-figures',
  (text) => text === 'on',
  (on) => (on ? 'on' : 'off'),
);

/** Whether results show figures under the names of their columns; one choice for all of them. */
export function useFiguresShown(): readonly [boolean, (on: boolean) => void] {
  return [choice.use(), choice.set];
}
