import { ChecklistMenu } from '#web/components/checklist-menu.tsx';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';

/** Columns that a menu lists; where there are more, or none is known, they are typed. */
const MOST_LISTED = 200;

interface ColumnChoiceProps {
  readonly label: string;
  /** Of the relation; empty where they are not known. */
  readonly columns: readonly string[];
  /** What stands there while none is chosen. */
  readonly placeholder: string;
}

interface OneColumnProps extends ColumnChoiceProps {
  readonly value: string;
  /** Empty where none is wanted. @param done whether more of it may follow */
  readonly onChange: (column: string, done: boolean) => void;
}

/** One column of a relation, or none. */
export function OneColumn({ label, columns, placeholder, value, onChange }: OneColumnProps) {
  if (!listed(columns))
    return (
      <TextField
        aria-label={label}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value, false)}
        onBlur={() => onChange(value, true)}
        onKeyDown={(event) => event.key === 'Enter' && onChange(value, true)}
        className="w-32 font-mono text-xs"
      />
    );
  return (
    <Select
      label={label}
      value={`=${value}`}
      onChange={(next) => onChange(next.slice(1), true)}
      className="max-w-48 text-xs"
      options={[
        { value: '=', label: placeholder },
        ...withChosen(columns, value === '' ? [] : [value]).map((column) => ({
          value: `=${column}`,
          label: column,
        })),
      ]}
    />
  );
}

interface SeveralColumnsProps extends ColumnChoiceProps {
  readonly chosen: readonly string[];
  readonly most: number;
  readonly onChange: (columns: string[]) => void;
}

/** Columns of a relation, in the order in which they were chosen. */
export function SeveralColumns({ label, columns, placeholder, chosen, most, onChange }: SeveralColumnsProps) {
  if (!listed(columns))
    return (
      <TextField
        aria-label={label}
        defaultValue={chosen.join(', ')}
        key={chosen.join(', ')}
        placeholder={`${placeholder}, parted by commas`}
        onBlur={(event) => {
          const typed = event.target.value.split(',').map((each) => each.trim());
          const next = [...new Set(typed.filter((each) => each !== ''))].slice(0, most);
          if (next.join() !== chosen.join()) onChange(next);
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        className="w-36 font-mono text-xs"
      />
    );
  return (
    <ChecklistMenu
      label={label}
      items={withChosen(columns, chosen)}
      chosen={chosen}
      placeholder={placeholder}
      most={most}
      onChange={onChange}
      className="text-xs"
    />
  );
}

function listed(columns: readonly string[]): boolean {
  return columns.length > 0 && columns.length <= MOST_LISTED;
}

/** With those that were chosen and are none of them (any more), so that they can be taken away. */
function withChosen(columns: readonly string[], chosen: readonly string[]): readonly string[] {
  return [...new Set([...columns, ...chosen])];
}
