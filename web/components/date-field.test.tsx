import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { DateField } from './date-field.tsx';
import { TooltipProvider } from './tooltip.tsx';

afterEach(cleanup);

function show(initial: string | null) {
  const onValue = vi.fn<(value: string | null) => void>();
  function Kept() {
    const [value, setValue] = useState(initial);
    return (
      <TooltipProvider>
        <DateField
          label="day"
          value={value}
          onValue={(next) => {
            onValue(next);
            setValue(next);
          }}
        />
      </TooltipProvider>
    );
  }
  render(<Kept />);
  return {
    onValue,
    user: userEvent.setup(),
    field: screen.getByRole<HTMLInputElement>('textbox', { name: 'day' }),
  };
}

it('takes a date as soon as it is one, and leaves what was there where it is none', async () => {
  const { onValue, user, field } = show('2024-02-28');
  await user.clear(field);
  expect(onValue).toHaveBeenLastCalledWith(null);
  await user.type(field, '2024-02-3');
  expect(onValue).toHaveBeenCalledTimes(1);
  expect(field.getAttribute('aria-invalid')).toBe('false');
  await user.type(field, '0');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  await user.tab();
  expect(field.value).toBe('');
  expect(onValue).toHaveBeenCalledTimes(1);
  await user.type(field, '2024/2/9{Enter}');
  expect(onValue).toHaveBeenLastCalledWith('2024-02-09');
  expect(field.value).toBe('2024-02-09');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(onValue).toHaveBeenLastCalledWith('2024-02-07');
});

it('opens a calendar by keys, whose day is chosen by keys', async () => {
  const { onValue, user, field } = show('2024-02-28');
  await user.click(field);
  await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
  const day = await screen.findByRole('button', { name: 'Wednesday, 28 February 2024' });
  expect(document.activeElement).toBe(day);
  await user.keyboard('{ArrowRight}{ArrowRight}');
  expect(screen.getByRole('grid', { name: 'March 2024' })).toBeDefined();
  // The second one leads nowhere: it is Sunday already.
  await user.keyboard('{End}{End}{Enter}');
  expect(onValue).toHaveBeenLastCalledWith('2024-03-03');
  expect(screen.queryByRole('grid')).toBeNull();
  expect(document.activeElement).toBe(field);
  await user.click(screen.getByRole('button', { name: 'Choose day' }));
  await user.click(await screen.findByRole('button', { name: 'No date' }));
  expect(onValue).toHaveBeenLastCalledWith(null);
});
