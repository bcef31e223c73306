import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { KeptAnswers } from './kept-answers.ts';
import { MemoryRecords } from './testing/memory-records.ts';

const schema = z.object({ title: z.string() });
const away = () => Promise.reject(new AppError('UNAVAILABLE', 'The server can’t be reached.'));

it('gives the last answer while the server is away, also to a page that was opened since', async () => {
  const records = new MemoryRecords();
  const answers = new KeptAnswers(records);
  for (const title of ['First', 'Second']) await answers.read('n', schema, async () => ({ title }));
  await vi.waitFor(() => expect(records.values.size).toBe(1));
  const later = new KeptAnswers(records);
  expect(await later.read('n', schema, away)).toEqual({ title: 'Second' });
  await expect(later.read('other', schema, away)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

it('lets through what the server itself says, and what a kept answer of another shape cannot stand in for', async () => {
  const answers = new KeptAnswers(new MemoryRecords());
  await answers.read('n', schema, async () => ({ title: 'Kept' }));
  const busy = new AppError('UNAVAILABLE', 'The database is away.', { context: { requestId: 'r1' } });
  await expect(answers.read('n', schema, () => Promise.reject(busy))).rejects.toBe(busy);
  await expect(answers.read('n', z.object({ name: z.string() }), away)).rejects.toThrow('reached');
});

it('forgets what was asked for longest ago, and works where the browser keeps nothing', async () => {
  const records = new MemoryRecords();
  const answers = new KeptAnswers(records);
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (let index = 0; index < 251; index += 1) {
      vi.setSystemTime(index);
      await answers.read(`t${index}`, schema, async () => ({ title: `${index}` }));
    }
  } finally {
    vi.useRealTimers();
  }
  await vi.waitFor(() => expect(records.values.size).toBe(200));
  expect(await answers.read('t250', schema, away)).toEqual({ title: '250' });
  await expect(answers.read('t0', schema, away)).rejects.toThrow('reached');
  records.fails = true;
  expect(await answers.read('x', schema, async () => ({ title: 'Here' }))).toEqual({ title: 'Here' });
  await expect(answers.read('x', schema, away)).rejects.toThrow('reached');
});
