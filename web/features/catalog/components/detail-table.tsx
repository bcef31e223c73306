import type { ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface DetailTableProps {
  readonly label: string;
  readonly head: readonly {
    readonly name: string;
    readonly className?: string;
    /** The column speaks for itself: its name is only read out. */
    readonly hidden?: boolean;
  }[];
  readonly children: ReactNode;
}

/** Rows of 28 px under a head that stays, as all tabs of a table have them. */
export function DetailTable({ label, head, children }: DetailTableProps) {
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse">
      <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
        <tr>
          {head.map(({ name, className, hidden }) => (
            <th
              key={name}
              scope="col"
              className={cn(
                'h-8 px-2 text-left text-xs font-normal text-ink-3 first:pl-4 last:pr-4',
                className,
              )}
            >
              {hidden ? <span className="sr-only">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

export function DetailRow({ children, className }: { children: ReactNode; className?: string }) {
  return <tr className={cn('h-7 border-b hover:bg-hover', className)}>{children}</tr>;
}

export function DetailCell({
  children,
  className,
  title,
}: {
  children?: ReactNode;
  className?: string;
  title?: string | undefined;
}) {
  return (
    <td title={title} className={cn('truncate px-2 first:pl-4 last:pr-4', className)}>
      {children}
    </td>
  );
}
