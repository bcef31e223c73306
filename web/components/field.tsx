import { useId, type ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface FieldProps {
  readonly label: string;
  /** Said under the field. */
  readonly note?: ReactNode;
  /** In place of the note, where something is wrong. */
  readonly problem?: string | null;
  /** Gets what ties the input to its label and note. */
  readonly children: (tie: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => ReactNode;
  readonly className?: string;
}

/** An input with its label above and a note below it. */
export function Field({ label, note, problem = null, children, className }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const said = problem ?? note;
  return (
    <div className={cn('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs text-ink-2">
        {label}
      </label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': problem !== null })}
      <p
        id={noteId}
        className={cn(
          'text-xs break-words',
          problem === null ? 'text-ink-3' : 'text-bad',
          said === undefined && 'hidden',
        )}
      >
        {said}
      </p>
    </div>
  );
}
