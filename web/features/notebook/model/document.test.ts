import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdit, type Edit, type NotebookDocument } from './document.ts';
import { newCell } from './new-cell.ts';

const cell = (id: string) => ({ id, kind: 'sql' as const, source: `SELECT '${id}'`, view: 'grid' as const });
const start: NotebookDocument = { title: 'Three cells', cells: [cell('a'), cell('b'), cell('c')] };
/** A mode that is not said is `auto`. */
const withMode = (document: NotebookDocument) => ({ mode: 'auto', ...document });
const ids = (document: NotebookDocument) => document.cells.map((each) => each.id).join('');

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    type: fc.constant('insert' as const),
    at: fc.integer({ min: -2, max: 9 }),
    cell: fc.constantFrom(cell('x'), cell('a')),
  }),
  fc.record({ type: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'x', 'nobody') }),
  fc.record({
    type: fc.constant('move' as const),
    id: fc.constantFrom('a', 'c', 'nobody'),
    to: fc.integer({ min: -2, max: 9 }),
  }),
  fc.record({
    type: fc.constant('kind' as const),
    id: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('sql' as const, 'markdown' as const),
  }),
  fc.record({
    type: fc.constant('ref' as const),
    id: fc.constantFrom('a', 'c'),
    ref: fc.constantFrom('main@deadbeef', undefined),
  }),
  fc.record({ type: fc.constant('source' as const), id: fc.constantFrom('a', 'b'), source: fc.string() }),
  fc.record({ type: fc.constant('title' as const), title: fc.constantFrom('Three cells', 'Other') }),
  fc.record({ type: fc.constant('folder' as const), folder: fc.constantFrom('a/b', undefined) }),
  fc.record({
    type: fc.constant('mode' as const),
    mode: fc.constantFrom('auto' as const, 'manual' as const),
  }),
  fc.record({
    type: fc.constant('collapse' as const),
    id: fc.constantFrom('a', 'b'),
    collapsed: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('replace' as const),
    cell: fc.constantFrom(newCell('pivot'), { ...cell('a'), source: '' }),
  }),
);

describe('applyEdit', () => {
  it('inserts, moves and removes where it is told', () => {
    expect(ids(applyEdit(start, { type: 'insert', at: 1, cell: cell('x') }).document)).toBe('axbc');
    expect(ids(applyEdit(start, { type: 'move', id: 'a', to: 2 }).document)).toBe('bca');
    expect(ids(applyEdit(start, { type: 'move', id: 'c', to: -5 }).document)).toBe('cab');
    expect(ids(applyEdit(start, { type: 'remove', id: 'b' }).document)).toBe('ac');
  });

  it('gives the same document back when nothing changes', () => {
    const nothing: Edit[] = [
      { type: 'remove', id: 'nobody' },
      { type: 'move', id: 'a', to: 0 },
      { type: 'source', id: 'a', source: "SELECT 'a'" },
      { type: 'insert', at: 0, cell: cell('b') },
      { type: 'title', title: 'Three cells' },
    ];
    for (const edit of nothing) expect(applyEdit(start, edit)).toEqual({ document: start, inverse: null });
  });

  it('drops the ref of a cell that follows the notebook again, so that nothing stale is saved', () => {
    const past = applyEdit(start, { type: 'ref', id: 'a', ref: 'main@deadbeef' }).document;
    expect(past.cells[0]).toHaveProperty('ref', 'main@deadbeef');
    expect(applyEdit(past, { type: 'ref', id: 'a', ref: undefined }).document.cells[0]).not.toHaveProperty(
      'ref',
    );
  });

  it('keeps the source when a cell becomes text and SQL again', () => {
    const text = applyEdit(start, { type: 'kind', id: 'a', kind: 'markdown' }).document;
    expect(text.cells[0]).toEqual({ id: 'a', kind: 'markdown', source: "SELECT 'a'" });
    expect(applyEdit(text, { type: 'kind', id: 'a', kind: 'sql' }).document.cells[0]).toEqual(cell('a'));
  });

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(edits, (edit) => {
        const { document, inverse } = applyEdit(start, edit);
        if (inverse === null) expect(document).toBe(start);
        else expect(withMode(applyEdit(document, inverse).document)).toEqual(withMode(start));
      }),
    );
  });
});

describe('newCell', () => {
  it('gives every cell an id of its own', () => {
    expect(newCell('sql').id).not.toBe(newCell('sql').id);
  });
});
