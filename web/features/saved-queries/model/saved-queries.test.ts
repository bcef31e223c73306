import { describe, expect, it } from 'vitest';
import type { SavedQuery } from '#shared/contract/saved-queries.ts';
import { cleanFolder } from '#web/lib/clean-folder.ts';
import { byFolder, findQueries, tagsOf } from './find-queries.ts';
import { editorSnippet, snippetText } from '#web/lib/snippet-text.ts';

function query(name: string, more: Partial<SavedQuery> = {}): SavedQuery {
  const time = '2026-05-01T00:00:00.000Z';
  const about = { id: name, owner: 'ada', version: 1, createdAt: time, updatedAt: time };
  return { ...about, kind: 'query', name, description: '', sql: 'SELECT 1', tags: [], ...more };
}

describe('saved queries', () => {
  const all = [
    query('Late flights', { folder: 'Reports/Daily', tags: ['Ops'] }),
    query('dedupe', { kind: 'snippet', sql: 'QUALIFY row_number() OVER (${1:window}) = 1' }),
    query('Airports', { description: 'by state' }),
  ];

  it('are found by words anywhere in them, and by kind', () => {
    const names = (words: string, kind: SavedQuery['kind'] | 'all' = 'all') =>
      findQueries(all, words, kind).map(({ name }) => name);
    expect(names('')).toHaveLength(3);
    expect(names('daily ops')).toEqual(['Late flights']);
    expect(names('ROW_NUMBER')).toEqual(['dedupe']);
    expect(names('state')).toEqual(['Airports']);
    expect(names('', 'snippet')).toEqual(['dedupe']);
    expect(names('daily state')).toEqual([]);
  });

  it('stand in their folders, those in none first', () => {
    expect(byFolder(all).map(({ folder, queries }) => [folder, queries.map(({ name }) => name)])).toEqual([
      ['', ['dedupe', 'Airports']],
      ['Reports/Daily', ['Late flights']],
    ]);
  });

  it('take folders and tags as people type them', () => {
    expect(cleanFolder(' / Reports // Daily ')).toBe('Reports/Daily');
    expect(cleanFolder(' / ')).toBeUndefined();
    expect(tagsOf('ops, Ops,, daily ')).toEqual(['ops', 'daily']);
  });

  it('become plain SQL where they are snippets', () => {
    expect(snippetText("SELECT ${1:*} FROM ${2:t} AT (VERSION => '${3}') -- $0 costs $$")).toBe(
      "SELECT * FROM t AT (VERSION => '') --  costs $$",
    );
    expect(editorSnippet('WHERE city = $city AND n > ${1:0} AND $2 LIKE "\\%"')).toBe(
      'WHERE city = \\$city AND n > ${1:0} AND $2 LIKE "\\\\%"',
    );
  });
});
