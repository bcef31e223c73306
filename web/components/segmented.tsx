import type { LucideIcon } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    readonly icon?: LucideIcon;
    /** Why it can't be chosen. */
    readonly unavailable?: string;
  }[];
}

/** One of a few, all in sight: grid or chart, commit or time. A radio group to assistive technology. */
export function Segmented<T extends string>({ label, value, onChange, options }: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next !== '' && onChange(next as T)}
      className="inline-flex shrink-0 rounded-md bg-sunken p-0.5"
    >
      {options.map(({ value: option, label: name, icon: Icon, unavailable }) => (
        <ToggleGroup.Item
          key={option}
          value={option}
          disabled={unavailable !== undefined}
          title={unavailable}
          className="inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-xs font-medium text-ink-2 hover:text-ink disabled:cursor-not-allowed disabled:text-ink-3 disabled:hover:text-ink-3 data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {Icon !== undefined && <Icon aria-hidden className="size-3.5" strokeWidth={1.75} />}
          {name}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
