import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdit, type Edit, type NotebookDocument } from './document.ts';
import { UndoStack } from './undo-stack.ts';

const cell = (id: string) => ({ id, kind: 'sql' as const, source: id, view: 'grid' as const });
const start: NotebookDocument = { title: 'T', cells: [cell('a'), cell('b'), cell('c')] };

/** A document under edits, as a store has it. */
function edited() {
  let time = 0;
  let document = start;
  const stack = new UndoStack(() => time);
  return {
    stack,
    document: () => document,
    wait: (ms: number) => (time += ms),
    edit: (edit: Edit) => {
      const { document: next, inverse } = applyEdit(document, edit);
      document = next;
      if (inverse !== null) stack.push(edit, inverse);
    },
    undo: () => (document = stack.undo(document) ?? document),
    redo: () => (document = stack.redo(document) ?? document),
  };
}

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    type: fc.constant('source' as const),
    id: fc.constantFrom('a', 'b', 'c'),
    source: fc.string(),
  }),
  fc.record({ type: fc.constant('remove' as const), id: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ type: fc.constant('move' as const), id: fc.constantFrom('a', 'c'), to: fc.nat(3) }),
  fc.record({
    type: fc.constant('insert' as const),
    at: fc.nat(3),
    cell: fc.constantFrom(cell('x'), cell('y')),
  }),
  fc.record({ type: fc.constant('title' as const), title: fc.string() }),
);

it('takes everything back in reverse, and does it again to the same end', () => {
  fc.assert(
    fc.property(fc.array(edits, { maxLength: 30 }), (list) => {
      const notebook = edited();
      for (const edit of list) notebook.edit(edit);
      const end = notebook.document();
      while (notebook.stack.canUndo) notebook.undo();
      expect(notebook.document()).toEqual(start);
      while (notebook.stack.canRedo) notebook.redo();
      expect(notebook.document()).toEqual(end);
    }),
  );
});

it('takes typing back by pauses, and forgets what was undone at the next edit', () => {
  const notebook = edited();
  const type = (source: string) => notebook.edit({ type: 'source', id: 'a', source });
  type('S');
  type('SE');
  notebook.wait(5000);
  type('SEL');
  notebook.undo();
  expect(notebook.document().cells[0]).toMatchObject({ source: 'SE' });
  notebook.undo();
  expect(notebook.document().cells[0]).toMatchObject({ source: 'a' });
  notebook.redo();
  expect(notebook.document().cells[0]).toMatchObject({ source: 'SE' });
  notebook.wait(5000);
  type('X');
  expect(notebook.stack.canRedo).toBe(false);
});
