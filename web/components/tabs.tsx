import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly tabs: readonly { readonly value: T; readonly label: ReactNode }[];
  /** The panels: TabPanel elements. */
  readonly children: ReactNode;
  readonly className?: string;
}

export function Tabs<T extends string>({ label, value, onChange, tabs, children, className }: TabsProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className={cn('flex min-h-0 flex-col', className)}
    >
      <Radix.List aria-label={label} className="flex shrink-0 gap-4 border-b px-4">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px h-9 border-b-2 border-transparent text-ink-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Radix.Content value={value} className={cn('min-h-0 flex-1 outline-none', className)}>
      {children}
    </Radix.Content>
  );
}
