import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DateTimeField } from './date-time-field.tsx';
import { TimeField } from './time-field.tsx';
import { isoTime, readTime } from './time-text.ts';
import { TooltipProvider } from './tooltip.tsx';

afterEach(cleanup);

describe('a time of day as text', () => {
  it.each([
    ['14:05', '14:05:00'],
    ['14:05:09', '14:05:09'],
    ['9', '09:00:00'],
    ['9:5', '09:05:00'],
    ['0905', '09:05:00'],
    ['905', '09:05:00'],
    ['140509', '14:05:09'],
    ['14.05', '14:05:00'],
    ['2:05 pm', '14:05:00'],
    ['12 am', '00:00:00'],
    ['12:30PM', '12:30:00'],
    ['23:59:59', '23:59:59'],
  ])('%s is %s', (text, time) => expect(isoTime(readTime(text) ?? -1, 'second')).toBe(time));

  it.each(['24:00', '12:60', '1:2:60', '13 pm', '0 am', 'noon', '12:', '-1', '1 2', '12345678'])(
    '%s is none',
    (text) => expect(readTime(text)).toBeNull(),
  );
});

function show(initial: string | null) {
  const onValue = vi.fn<(value: string | null) => void>();
  function Kept() {
    const [value, setValue] = useState(initial);
    return (
      <TimeField
        label="Time, UTC"
        value={value}
        onValue={(next) => {
          onValue(next);
          setValue(next);
        }}
      />
    );
  }
  render(<Kept />);
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Time, UTC' });
  return { onValue, user: userEvent.setup(), field };
}

describe('TimeField', () => {
  it('takes a time once it is written out, and leaves what was there where it is none', async () => {
    const { onValue, user, field } = show('06:00');
    await user.clear(field);
    await user.type(field, '14:05');
    expect(onValue.mock.calls).toEqual([[null], ['14:05']]);
    await user.type(field, '9');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await user.tab();
    expect(field.value).toBe('14:05');
    await user.clear(field);
    await user.type(field, '9.5{Enter}');
    expect(onValue).toHaveBeenLastCalledWith('09:05');
    expect(field.value).toBe('09:05');
  });

  it('steps the part where the caret is, around midnight too', async () => {
    const { onValue, user, field } = show('23:59');
    await user.click(field);
    field.setSelectionRange(1, 1);
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(onValue).toHaveBeenLastCalledWith('01:59');
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, 2]);
    field.setSelectionRange(5, 5);
    await user.keyboard('{ArrowUp}');
    expect(onValue).toHaveBeenLastCalledWith('02:00');
    expect([field.selectionStart, field.selectionEnd]).toEqual([3, 5]);
    await user.keyboard('{ArrowDown}');
    await user.tab();
    expect(field.value).toBe('01:59');
    // Leaving it takes nothing anew.
    expect(onValue).toHaveBeenCalledTimes(4);
  });
});

it('has a date and a time in one, and sends a form by Enter from either', async () => {
  const onSubmit = vi.fn<(value: string) => void>();
  function Form() {
    const [value, setValue] = useState('2024-02-28T23:59:59');
    return (
      <TooltipProvider>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit(value);
          }}
        >
          <DateTimeField label="Local date and time" value={value} onValue={setValue} />
          <button type="submit">Go</button>
        </form>
      </TooltipProvider>
    );
  }
  render(<Form />);
  const user = userEvent.setup();
  const [date, time] = ['Date', 'Time'].map((name) => screen.getByRole('textbox', { name }));
  await user.type(date!, '{ArrowUp}{Enter}');
  expect(onSubmit).toHaveBeenLastCalledWith('2024-02-29T23:59:59');
  await user.clear(time!);
  await user.type(time!, '1:02 pm{Enter}');
  expect(onSubmit).toHaveBeenLastCalledWith('2024-02-29T13:02:00');
  await user.clear(date!);
  await user.type(date!, '{Enter}');
  expect(onSubmit).toHaveBeenLastCalledWith('T13:02:00');
});
