// @vitest-environment node
import { expect, it } from 'vitest';
import { reasonSentence } from './reason-sentence.ts';

it.each([
  ['needs 5 MB; the tab takes up to 2 MB', 'It needs 5 MB; the tab takes up to 2 MB.'],
  ['reads the file a.csv, which only this tab has', 'It reads the file a.csv, which only this tab has.'],
  ['was planned in this tab: the server is away', 'It was planned in this tab: the server is away.'],
  ['asked for', 'It was asked for.'],
  ['not on the cluster: it reads no table', 'It is not on the cluster: it reads no table.'],
  ['this lakehouse runs queries on the server alone', 'This lakehouse runs queries on the server alone.'],
  ["the type JSON is not in the browser's engine", "The type JSON is not in the browser's engine."],
  ["json_extract is not in the browser's engine", "json_extract is not in the browser's engine."],
  ["->> is not in the browser's engine", "->> is not in the browser's engine."],
  ['The cluster does not answer. Try again.', 'The cluster does not answer. Try again.'],
])('%s', (reason, sentence) => {
  expect(reasonSentence(reason)).toBe(sentence);
});
