import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';

interface FieldMenuProps {
  readonly label: string;
  readonly fields: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** One or more fields. The last one that is chosen can't be taken away. */
export function FieldMenu({ label, fields, chosen, onChange }: FieldMenuProps) {
  const toggle = (field: string, on: boolean) =>
    onChange(on ? [...chosen, field] : chosen.filter((each) => each !== field));
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          aria-label={`${label}: ${chosen.join(', ')}`}
          className="inline-flex h-7 max-w-56 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-2 hover:bg-hover"
        >
          <span className="truncate">{chosen.join(', ')}</span>
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
          {fields.map((field) => (
            <DropdownMenu.CheckboxItem
              key={field}
              checked={chosen.includes(field)}
              disabled={chosen.length === 1 && chosen[0] === field}
              onCheckedChange={(on) => toggle(field, on)}
              onSelect={(event) => event.preventDefault()}
              className="row"
            >
              <span className="min-w-0 flex-1 truncate" title={field}>
                {field}
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
