import { expect, it } from 'vitest';
import { fullTimeLabels, timeLabels } from './time-labels.ts';
import { timeScale } from './time-scale.ts';

const months = Array.from({ length: 6 }, (_, at) => Date.UTC(2000, 10 + at));

it('calls months as the axis of a line does', () => {
  const line = timeScale(months[0] ?? 0, months.at(-1) ?? 0, 8);
  expect(line.ticks).toEqual(months);
  expect(timeLabels(months)).toEqual(line.ticks.map(line.format));
  expect(timeLabels(months)).toEqual(['Nov 2000', 'Dec', 'Jan 2001', 'Feb', 'Mar', 'Apr']);
});

it('says the year wherever it changes among those that are labelled', () => {
  expect(timeLabels(months, 3)).toEqual(['Nov 2000', 'Feb 2001']);
  const days = [Date.UTC(2000, 11, 30), Date.UTC(2000, 11, 31), Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 2)];
  expect(timeLabels(days)).toEqual(['30 Dec 2000', '31 Dec', '1 Jan 2001', '2 Jan']);
  expect(timeLabels(days, 3)).toEqual(['30 Dec 2000', '2 Jan 2001']);
  expect(timeLabels([Date.UTC(1969, 0), Date.UTC(1970, 0)])).toEqual(['1969', '1970']);
});

it('has whole names for what is not read in a row, and none within a day', () => {
  expect(fullTimeLabels(months.slice(1, 3))).toEqual(['Dec 2000', 'Jan 2001']);
  expect(fullTimeLabels([Date.UTC(2001, 0, 1, 6)])).toBeNull();
  expect(timeLabels([Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 1, 6)])).toBeNull();
});
