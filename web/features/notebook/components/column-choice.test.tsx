import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { OneColumn, SeveralColumns } from './column-choice.tsx';

afterEach(cleanup);

function Several({ columns, onChosen }: { columns: readonly string[]; onChosen: (names: string[]) => void }) {
  const [chosen, setChosen] = useState<string[]>(['gone']);
  return (
    <SeveralColumns
      label="Rows of cell 1"
      columns={columns}
      placeholder="none"
      most={2}
      chosen={chosen}
      onChange={(next) => {
        setChosen(next);
        onChosen(next);
      }}
    />
  );
}

it('chooses columns from a menu, in the order of choice and no more than fit, and lets go of one that is no more', async () => {
  const user = userEvent.setup();
  const onChosen = vi.fn<(names: string[]) => void>();
  render(<Several columns={['origin', 'day', 'carrier']} onChosen={onChosen} />);
  await user.click(screen.getByRole('button', { name: 'Rows of cell 1: gone' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'carrier' }));
  expect(screen.getByRole('menuitemcheckbox', { name: 'day' }).getAttribute('aria-disabled')).toBe('true');
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'gone' }));
  await user.click(screen.getByRole('menuitemcheckbox', { name: 'origin' }));
  expect(onChosen.mock.calls.map(([names]) => names)).toEqual([
    ['gone', 'carrier'],
    ['carrier'],
    ['carrier', 'origin'],
  ]);
});

it('takes typed names where the columns are not known', async () => {
  const user = userEvent.setup();
  const onChosen = vi.fn<(names: string[]) => void>();
  render(<Several columns={[]} onChosen={onChosen} />);
  const field = screen.getByRole('textbox', { name: 'Rows of cell 1' });
  await user.clear(field);
  await user.type(field, ' a, b,a , c{Enter}');
  expect(onChosen.mock.calls).toEqual([[['a', 'b']]]);
});

it('says when a typed name is done, and not at each letter', async () => {
  const user = userEvent.setup();
  const done: string[] = [];
  const One = () => {
    const [value, setValue] = useState('');
    return (
      <OneColumn
        label="Figure"
        columns={[]}
        placeholder="first column"
        value={value}
        onChange={(next, isDone) => {
          setValue(next);
          if (isDone) done.push(next);
        }}
      />
    );
  };
  render(<One />);
  await user.type(screen.getByRole('textbox', { name: 'Figure' }), 'total{Enter}');
  expect(done).toEqual(['total']);
});
