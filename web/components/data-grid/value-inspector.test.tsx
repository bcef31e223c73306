import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { CellValue } from '#web/lib/result-table.ts';
import { ValueInspector } from './value-inspector.tsx';

beforeEach(() => {
  // jsdom has no layout to scroll.
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(cleanup);

function show(type: string, value: CellValue) {
  const copied: string[] = [];
  const column = { name: 'payload', type };
  const onClose = vi.fn<() => void>();
  render(
    <TooltipProvider>
      <ValueInspector
        column={column}
        formatter={cellFormatter(column)}
        row={0}
        value={value}
        box={{ left: 0, top: 0, width: 10, height: 10 }}
        onCopy={(text) => copied.push(text)}
        onClose={onClose}
      />
    </TooltipProvider>,
  );
  const user = userEvent.setup();
  const press = async (name: string) => user.click(screen.getByRole('button', { name }));
  return { user, copied, press, onClose };
}

const current = () => {
  const id = screen.getByRole('tree').getAttribute('aria-activedescendant');
  return document.getElementById(id ?? '');
};

it('walks through a nested value by keys, and copies a part or the SQL that gives it', async () => {
  const { user, copied, press } = show('STRUCT(n INTEGER, tags VARCHAR[])', { n: 7, tags: ['a', 'b'] });
  expect(document.activeElement).toBe(screen.getByRole('tree', { name: 'Parts of payload' }));
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(current()?.getAttribute('aria-expanded')).toBe('true');
  await user.keyboard('{ArrowLeft}');
  expect(screen.queryByText('[2]')).toBeNull();
  await user.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
  expect(current()?.textContent).toBe('[2]:b');
  await press('Copy value');
  await press('Copy path');
  expect(copied).toEqual(['b', '"payload".tags[2]']);
  screen.getByRole('tree').focus();
  await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}');
  expect(current()?.getAttribute('aria-level')).toBe('1');
  await press('Copy value');
  expect(copied.at(-1)).toBe('{"n": 7, "tags": ["a", "b"]}');
});

it('shows a hundred parts of a long list at a time', async () => {
  const { user } = show(
    'INTEGER[]',
    Array.from({ length: 250 }, (_, at) => at),
  );
  const tree = screen.getByRole('tree');
  expect(within(tree).getAllByRole('treeitem')).toHaveLength(102);
  await user.keyboard('{End}{Enter}');
  expect(current()?.textContent).toBe('[101]:100');
  await user.keyboard('{End}');
  expect(current()?.textContent).toBe('50 more of 50');
});

it('opens JSON as a tree, and shows it as it is written where that is wanted', async () => {
  const { user, copied, press } = show('VARCHAR', '{"id": 12345678901234567890, "on": true}');
  await user.click(screen.getByText('on'));
  await press('Copy path');
  expect(copied).toEqual([`("payload"::JSON->>'$.on')`]);
  await user.click(screen.getByRole('radio', { name: 'Text' }));
  expect(screen.getByText('{"id": 12345678901234567890, "on": true}')).toBeTruthy();
  expect(screen.queryByRole('tree')).toBeNull();
});

it('shows what has no parts as text', () => {
  show('VARCHAR', 'plain');
  expect(screen.queryByRole('tree')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Copy path' })).toBeNull();
});
