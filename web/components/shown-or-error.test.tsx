import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ShownOrError } from './shown-or-error.tsx';

it('keeps a fault to itself, says it, and tries again', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  let broken = true;
  const Fragile = () => {
    if (broken) throw new SyntaxError('Cannot convert a to a BigInt');
    return <p>3 rows</p>;
  };
  render(
    <>
      <h1>Flights</h1>
      <ShownOrError what="This result">
        <Fragile />
      </ShownOrError>
    </>,
  );
  expect(screen.getByRole('heading', { name: 'Flights' })).toBeTruthy();
  expect(screen.getByRole('alert').textContent).toContain('This result can’t be shown.');
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.getByText('3 rows')).toBeTruthy();
});
