import type { InputCell, InputControl } from '#shared/contract/notebooks.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { TextArea } from '#web/components/text-area.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cellFormatter } from '#web/lib/format/cell.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { shownTable } from '../model/run-store.ts';
import { ChoiceField } from './choice-field.tsx';
import type { ShownCellProps } from './shown-cell.ts';

/** More choices than these are nothing to choose from. */
const MOST = 10_000;
/** As many as a notebook keeps of those that are written down. */
const WRITTEN = 1000;

interface InputChoicesProps extends Pick<ShownCellProps<InputCell>, 'cell' | 'editor' | 'run'> {
  readonly bare: boolean;
  readonly label: string;
  readonly control: Extract<InputControl, { type: 'select' }>;
  readonly onControl: (control: InputControl) => void;
}

const SOURCES = [
  { value: 'query', label: 'Query' },
  { value: 'list', label: 'List' },
] as const;

/** One, or several, of the values that a query gives in its first column, or that are written down. */
export function InputChoices({ cell, label, control, editor, run, bare, onControl }: InputChoicesProps) {
  const { options, values, query } = control;
  const choices = options ?? choicesOf(shownTable(run));
  const chosen = values ?? (control.value === null ? [] : [control.value]);
  const gone = chosen.filter((value) => !choices.includes(value));
  const waits = run?.kind === 'running' || run?.kind === 'queued';
  const ask = () => {
    if (options === undefined && query.trim() !== '') editor.run(cell.id);
  };
  return (
    <>
      <ChoiceField
        label={label}
        choices={[...gone, ...choices].filter((value) => value !== '')}
        chosen={chosen}
        several={values !== undefined}
        onChosen={(next) =>
          onControl(
            values === undefined ? { ...control, value: next[0] ?? null } : { ...control, values: [...next] },
          )
        }
        onOpen={() => shownTable(run) === null && !waits && ask()}
        empty={
          waits
            ? 'Asking for the choices…'
            : run?.kind === 'failed'
              ? 'The query of the choices failed.'
              : 'There is nothing to choose yet: write a query or a list.'
        }
      />
      {!bare && (
        <>
          <label className="flex items-center gap-1.5 text-xs text-ink-2">
            <input
              type="checkbox"
              checked={values !== undefined}
              onChange={(event) => onControl(severalOrOne(control, event.target.checked))}
              className="accent-(--accent)"
            />
            Several
          </label>
          {values !== undefined && (
            <code className="font-mono text-xs text-ink-3">WHERE column IN ${cell.name}</code>
          )}
          <Segmented
            label={`Where the choices of ${label} come from`}
            value={options === undefined ? 'query' : 'list'}
            onChange={(source) => {
              const { options: _options, ...rest } = control;
              onControl(source === 'list' ? { ...rest, options: choices.slice(0, WRITTEN) } : rest);
            }}
            options={SOURCES}
          />
          {options === undefined ? (
            <TextField
              aria-label={`Choices of ${label}`}
              value={query}
              placeholder="a cell’s name, or a query"
              onChange={(event) => onControl({ ...control, query: event.target.value })}
              onBlur={ask}
              onKeyDown={(event) => event.key === 'Enter' && ask()}
              className="min-w-56 flex-1 font-mono text-xs"
            />
          ) : (
            <TextArea
              aria-label={`Choices of ${label}, one a line`}
              value={options.join('\n')}
              rows={Math.min(8, Math.max(2, options.length))}
              placeholder="One choice a line"
              onChange={(event) => {
                const lines = event.target.value === '' ? [] : event.target.value.split('\n');
                onControl({ ...control, options: lines.slice(0, WRITTEN) });
              }}
              className="min-w-56 flex-1 font-mono text-xs"
            />
          )}
        </>
      )}
      {choices.length >= MOST && (
        <span className="text-xs text-warn">The first {formatInteger(MOST)} choices</span>
      )}
    </>
  );
}

/** What is chosen stays chosen, as far as one value can. */
function severalOrOne(control: InputChoicesProps['control'], several: boolean): InputControl {
  const { values, ...rest } = control;
  if (!several) return { ...rest, value: values?.[0] ?? null };
  return { ...rest, values: control.value === null ? [] : [control.value] };
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
