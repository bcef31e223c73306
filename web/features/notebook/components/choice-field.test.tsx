import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { foundChoices } from '../model/found-choices.ts';
import { ChoiceField } from './choice-field.tsx';

const CHOICES = Array.from({ length: 300 }, (_, index) => `A${index}`).concat('ZA1');

function Field({ several, onOpen }: { several: boolean; onOpen: () => void }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  return (
    <TooltipProvider>
      <ChoiceField
        label="Origin"
        choices={CHOICES}
        chosen={chosen}
        several={several}
        onChosen={setChosen}
        onOpen={onOpen}
        empty="nothing"
      />
      <output>{chosen.join('+')}</output>
    </TooltipProvider>
  );
}

describe('ChoiceField', () => {
  beforeAll(() => {
    Element.prototype.scrollIntoView = () => undefined;
  });
  afterEach(cleanup);

  const find = (text: string) => {
    const field = screen.getByRole('combobox', { name: 'Find in Origin' });
    fireEvent.change(field, { target: { value: text } });
    return field;
  };

  it('finds a choice by typing, takes it by Enter, and clears it', () => {
    const onOpen = vi.fn();
    render(<Field several={false} onOpen={onOpen} />);
    fireEvent.click(screen.getByRole('button', { name: 'Origin' }));
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(screen.getAllByRole('option')).toHaveLength(200);
    expect(screen.getByText(/101 more choices/)).toBeTruthy();
    const field = find('a1');
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(screen.getByText('A10', { selector: 'output' })).toBeTruthy();
    expect(screen.queryByRole('combobox')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Clear Origin' }));
    expect(document.querySelector('output')?.textContent).toBe('');
  });

  it('takes several, and stays open for more', () => {
    render(<Field several onOpen={() => undefined} />);
    fireEvent.click(screen.getByRole('button', { name: 'Origin' }));
    for (const text of ['A17', 'A299', 'A17']) fireEvent.keyDown(find(text), { key: 'Enter' });
    expect(document.querySelector('output')?.textContent).toBe('A299');
    expect(screen.getByRole('listbox', { name: 'Origin' }).getAttribute('aria-multiselectable')).toBe('true');
  });

  it('lists what begins with the text first', () => {
    expect(foundChoices(CHOICES, 'a1').shown.at(-1)).toBe('ZA1');
    expect(foundChoices(CHOICES, 'A1').shown[0]).toBe('A1');
  });
});
