import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import type { LocalFile } from '#web/duckdb/local/types.ts';
import { typeChoices, type SavedColumn } from '../model/save-plan.ts';

interface SaveColumnsProps {
  readonly file: LocalFile;
  readonly columns: readonly SavedColumn[];
  readonly onChange: (columns: readonly SavedColumn[]) => void;
}

/** What each column of a file is to be called in the table, and of which type. */
export function SaveColumns({ file, columns, onChange }: SaveColumnsProps) {
  const change = (at: number, change: Partial<SavedColumn>) =>
    onChange(columns.map((column, place) => (place === at ? { ...column, ...change } : column)));
  return (
    <ul aria-label="Columns" className="flex max-h-64 flex-col gap-1 overflow-y-auto rounded-md border p-2">
      {columns.map(({ from, name, type, included }, at) => (
        <li key={from} className="flex items-center gap-2">
          <label className="flex w-36 min-w-0 shrink-0 items-center gap-2" title={from}>
            <input
              type="checkbox"
              aria-label={`Include ${from}`}
              checked={included}
              onChange={(event) => change(at, { included: event.target.checked })}
            />
            <span className="truncate">{from}</span>
          </label>
          <TextField
            aria-label={`Name of ${from}`}
            value={name}
            disabled={!included}
            onChange={(event) => change(at, { name: event.target.value })}
            className="flex-1 disabled:opacity-50"
          />
          <Select
            label={`Type of ${from}`}
            value={type}
            onChange={(next) => change(at, { type: next })}
            options={typeChoices(file.columns[at]?.type ?? type, type).map((value) => ({
              value,
              label: value.toLowerCase(),
            }))}
            className="w-40 shrink-0 font-mono text-xs"
          />
        </li>
      ))}
    </ul>
  );
}
