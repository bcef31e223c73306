import { afterEach, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { forServer, setLocalRelations, withLocals } from './local-relations.ts';

afterEach(() => setLocalRelations([]));

const people = { name: 'People', columns: [{ name: 'id', type: 'BIGINT' }] };
const missing = (table: string) =>
  new AppError('TABLE_NOT_FOUND', `There is no table ${table}.`, {
    context: { table, position: 7, suggestions: ['x'] },
  });

it('says of a file what the server takes for a table that is missing, and of nothing else', () => {
  setLocalRelations([people]);
  expect(forServer(missing('people'), 'Exports are written by the server')).toMatchObject({
    code: 'UNSUPPORTED',
    message:
      'Exports are written by the server, which does not have the file People: only this tab has it. Save the file as a table first.',
    context: { table: 'people', position: 7 },
  });
  const other = missing('persons');
  expect(forServer(other, 'It')).toBe(other);
});

it('tells plans of files where there are some', () => {
  expect(withLocals()).toEqual({});
  setLocalRelations([people]);
  expect(withLocals()).toEqual({ locals: [people] });
});
