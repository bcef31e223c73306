import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { cn } from '#web/lib/class-names.ts';

interface ChecklistMenuProps {
  readonly label: string;
  readonly items: readonly string[];
  /** In the order in which they were chosen. */
  readonly chosen: readonly string[];
  /** What stands there while none is chosen. */
  readonly placeholder?: string;
  /** So few can't be taken away, and of so many none is added. */
  readonly least?: number;
  readonly most?: number;
  readonly onChange: (chosen: string[]) => void;
  readonly className?: string;
}

/** Several of a list. The menu stays open while they are chosen. */
export function ChecklistMenu(props: ChecklistMenuProps) {
  const { label, items, chosen, placeholder = '', least = 0, most = Infinity, onChange, className } = props;
  const text = chosen.join(', ');
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          aria-label={`${label}: ${chosen.length === 0 ? 'none' : text}`}
          className={cn(
            'inline-flex h-7 max-w-56 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-2 hover:bg-hover',
            className,
          )}
        >
          <span className={cn('truncate', chosen.length === 0 && 'text-ink-3')}>
            {chosen.length === 0 ? placeholder : text}
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
          {items.map((item) => (
            <DropdownMenu.CheckboxItem
              key={item}
              checked={chosen.includes(item)}
              disabled={chosen.includes(item) ? chosen.length <= least : chosen.length >= most}
              onCheckedChange={(on) =>
                onChange(on ? [...chosen, item] : chosen.filter((each) => each !== item))
              }
              onSelect={(event) => event.preventDefault()}
              className="row"
            >
              <span className="min-w-0 flex-1 truncate" title={item}>
                {item}
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
