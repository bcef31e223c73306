import { expect, it } from 'vitest';
import { isTypeText } from './type-text.ts';

it.each([
  'INTEGER',
  'DECIMAL(18,3)',
  'TIMESTAMP WITH TIME ZONE',
  'VARCHAR[]',
  'INTEGER[3][]',
  'MAP(VARCHAR, STRUCT("a b" INTEGER, c DOUBLE[]))',
  'STRUCT("say ""hi""" BIGINT)',
])('takes %s for a type', (text) => {
  expect(isTypeText(text)).toBe(true);
});

it.each([
  '',
  'INTEGER DEFAULT 1',
  'INTEGER); DROP TABLE x; --',
  'INTEGER, b INTEGER',
  'STRUCT(a INTEGER',
  "STRUCT('a' INTEGER)",
  'TIMESTAMP WITH ZONE',
  'sometype',
  'DECIMAL(a,1)',
  `${'STRUCT(a '.repeat(80)}INTEGER${')'.repeat(80)}`,
])('does not take %s for one', (text) => {
  expect(isTypeText(text)).toBe(false);
});
