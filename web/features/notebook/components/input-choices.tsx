import type { InputCell, InputControl } from '#shared/contract/notebooks.ts';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cellFormatter } from '#web/lib/format/cell.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { shownTable } from '../model/run-store.ts';
import type { ShownCellProps } from './shown-cell.ts';

/** More choices than these are nothing to choose from. */
const MOST = 500;

interface InputChoicesProps extends Pick<ShownCellProps<InputCell>, 'cell' | 'editor' | 'run'> {
  readonly bare: boolean;
  readonly label: string;
  readonly control: Extract<InputControl, { type: 'select' }>;
  readonly onControl: (control: InputControl) => void;
}

/** One of the values that a query gives in its first column. */
export function InputChoices({ cell, label, control, editor, run, bare, onControl }: InputChoicesProps) {
  const choices = choicesOf(shownTable(run));
  const all =
    control.value === null || choices.includes(control.value) ? choices : [control.value, ...choices];
  return (
    <>
      <Select
        label={label}
        value={control.value ?? ''}
        placeholder={choices.length === 0 ? 'Run to see the choices' : 'Choose'}
        options={all.filter((value) => value !== '').map((value) => ({ value, label: value }))}
        onChange={(value) => onControl({ ...control, value })}
        className="w-56"
      />
      {!bare && (
        <TextField
          aria-label={`Choices of ${label}`}
          value={control.query}
          placeholder="a cell’s name, or a query"
          onChange={(event) => onControl({ ...control, query: event.target.value })}
          onBlur={() => control.query !== '' && editor.run(cell.id)}
          onKeyDown={(event) => event.key === 'Enter' && editor.run(cell.id)}
          className="min-w-56 flex-1 font-mono text-xs"
        />
      )}
      {choices.length >= MOST && <span className="text-xs text-warn">The first {MOST} choices</span>}
    </>
  );
}

function choicesOf(table: ResultTable | null): string[] {
  const [first] = table?.columns ?? [];
  if (table === null || first === undefined) return [];
  const formatter = cellFormatter(first);
  const values = new Set<string>();
  for (let row = 0; row < table.rowCount && values.size < MOST; row += 1) {
    const value = table.value(row, 0);
    if (value !== null) values.add(formatter.plain(value));
  }
  return [...values];
}
