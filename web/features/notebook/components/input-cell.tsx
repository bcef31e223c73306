import { useState } from 'react';
import type { InputCell as InputCellData, InputControl } from '#shared/contract/notebooks.ts';
import { cellSql, inputParameters } from '#shared/notebook/cell-sql.ts';
import { inputControl } from '#shared/contract/notebooks.ts';
import { DateField } from '#web/components/date-field.tsx';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { CellName } from './cell-name.tsx';
import { CellProblem } from './cell-problem.tsx';
import { FollowBar } from './follow-bar.tsx';
import { InputChoices } from './input-choices.tsx';
import type { ShownCellProps } from './shown-cell.ts';

const TYPES: readonly { readonly value: InputControl['type']; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'slider', label: 'Slider' },
  { value: 'date-range', label: 'Dates' },
  { value: 'select', label: 'Choice' },
];

const ENDS = { min: 'Min', max: 'Max', step: 'Step' } as const;

const BLANK: Readonly<Record<InputControl['type'], InputControl>> = {
  text: { type: 'text', value: '' },
  number: { type: 'number', value: null },
  slider: { type: 'slider', value: '50', min: '0', max: '100', step: '1' },
  'date-range': { type: 'date-range', from: null, to: null },
  select: { type: 'select', value: null, query: '' },
};

/** Asks for a value that SQL reads as `$name`, and texts as `{{name}}`. */
export function InputCell(props: ShownCellProps<InputCellData>) {
  const { cell, name, store, editor, run, stale } = props;
  const set = (part: Partial<InputCellData>) => store.edit({ type: 'replace', cell: { ...cell, ...part } });
  const label = cell.label || cell.name;
  return (
    <div className="overflow-clip rounded-md border bg-surface">
      <FollowBar run={run} stale={stale} runnable={cellSql(cell) !== null} onRun={() => editor.run(cell.id)}>
        <CellName store={store} of={cell} cell={name} />
        <Select
          label={`Type of ${name}`}
          value={cell.control.type}
          options={TYPES}
          onChange={(type) => set({ control: BLANK[type] })}
        />
        <TextField
          aria-label={`Title of ${name}`}
          value={cell.label ?? ''}
          maxLength={200}
          placeholder="title"
          onChange={(event) => set({ label: event.target.value })}
          className="w-40 text-xs"
        />
        <code className="font-mono text-ink-3">
          {inputParameters([cell])
            .map((parameter) => `$${parameter.name}`)
            .join(', ')}
        </code>
      </FollowBar>
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <span className="min-w-24 text-ink-2">{label}</span>
        <InputValue cell={cell} store={store} editor={editor} run={run} />
      </div>
      <CellProblem store={store} id={cell.id} />
    </div>
  );
}

interface InputValueProps extends Pick<ShownCellProps<InputCellData>, 'cell' | 'store' | 'editor' | 'run'> {
  /** Only the value, and nothing that says what may be chosen. */
  readonly bare?: boolean;
}

/** What asks for the value. */
export function InputValue({ cell, store, editor, run, bare = false }: InputValueProps) {
  const { control } = cell;
  const label = cell.label || cell.name;
  const onControl = (next: InputControl) => store.edit({ type: 'replace', cell: { ...cell, control: next } });
  switch (control.type) {
    case 'text':
      return (
        <TextField
          aria-label={label}
          value={control.value}
          onChange={(event) => onControl({ ...control, value: event.target.value })}
          className="w-72"
        />
      );
    case 'number':
      return (
        <NumberField
          label={label}
          value={control.value ?? ''}
          onValue={(value) => onControl({ ...control, value: value === '' ? null : value })}
        />
      );
    case 'slider':
      return (
        <>
          <input
            type="range"
            aria-label={label}
            min={control.min}
            max={control.max}
            step={control.step}
            value={control.value}
            onChange={(event) => onControl({ ...control, value: event.target.value })}
            className="w-72 accent-(--accent)"
          />
          <output className="min-w-12 text-right tabular-nums">{control.value}</output>
          {(bare ? [] : (['min', 'max', 'step'] as const)).map((end) => (
            <span key={end} className="flex items-center gap-1.5 text-xs text-ink-3">
              {ENDS[end]}
              <NumberField
                label={`${ENDS[end]} of ${label}`}
                value={control[end]}
                onValue={(value) => value !== '' && onControl({ ...control, [end]: value })}
                className="w-16"
              />
            </span>
          ))}
        </>
      );
    case 'date-range':
      return (['from', 'to'] as const).map((end) => (
        <DateField
          key={end}
          label={`${label}, ${end}`}
          value={control[end]}
          onValue={(value) => onControl({ ...control, [end]: value })}
        />
      ));
    case 'select':
      return (
        <InputChoices
          cell={cell}
          label={label}
          control={control}
          editor={editor}
          run={run}
          bare={bare}
          onControl={onControl}
        />
      );
  }
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly className?: string;
}

/** Text of a number, kept exactly as it is written; what is none yet stays here. */
function NumberField({ label, value, onValue, className = 'w-40' }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const valid = draft === null;
  return (
    <TextField
      aria-label={label}
      aria-invalid={!valid}
      title={valid ? undefined : 'This is no number.'}
      inputMode="decimal"
      value={draft ?? value}
      onBlur={() => setDraft(null)}
      onChange={(event) => {
        const text = event.target.value;
        const isValue = text === '' || isNumberText(text);
        setDraft(isValue ? null : text);
        if (isValue) onValue(text);
      }}
      className={`${className} text-right tabular-nums`}
    />
  );
}

function isNumberText(text: string): boolean {
  return inputControl.safeParse({ type: 'number', value: text }).success;
}
