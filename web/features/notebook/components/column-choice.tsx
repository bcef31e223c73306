import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cn } from '#web/lib/class-names.ts';

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
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          aria-label={`${label}: ${chosen.length === 0 ? 'none' : chosen.join(', ')}`}
          className="inline-flex h-7 max-w-56 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-2 text-xs hover:bg-hover"
        >
          <span className={cn('truncate', chosen.length === 0 && 'text-ink-3')}>
            {chosen.length === 0 ? placeholder : chosen.join(', ')}
          </span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-44 animate-appear overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {withChosen(columns, chosen).map((column) => (
            <DropdownMenu.CheckboxItem
              key={column}
              checked={chosen.includes(column)}
              disabled={!chosen.includes(column) && chosen.length >= most}
              onCheckedChange={(on) =>
                onChange(on ? [...chosen, column] : chosen.filter((each) => each !== column))
              }
              onSelect={(event) => event.preventDefault()}
              className="row"
            >
              <span className="min-w-0 flex-1 truncate" title={column}>
                {column}
              </span>
              <DropdownMenu.ItemIndicator>
                <Check aria-hidden className="size-4 text-accent-text" />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function listed(columns: readonly string[]): boolean {
  return columns.length > 0 && columns.length <= MOST_LISTED;
}

/** With those that were chosen and are none of them (any more), so that they can be taken away. */
function withChosen(columns: readonly string[], chosen: readonly string[]): readonly string[] {
  return [...new Set([...columns, ...chosen])];
}
