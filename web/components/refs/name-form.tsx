import { useId, useState, type ReactNode } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cn } from '#web/lib/class-names.ts';

interface NameFormProps {
  readonly initial: string;
  /** The name that it has already, and that is no change; absent where it has none. */
  readonly present?: string;
  readonly action: string;
  readonly pending: boolean;
  /** Of the last try; null where it did not fail. */
  readonly error: unknown;
  /** Said under the field as long as nothing is wrong. */
  readonly note: ReactNode;
  readonly onSubmit: (name: string) => void;
  /** What else is asked for, above the name. */
  readonly children?: ReactNode;
  readonly className?: string;
}

/** Asks for the name of a branch or tag, and says at once what is wrong with it. */
export function NameForm(props: NameFormProps) {
  const { action, pending, error, note, onSubmit, children, className } = props;
  const [name, setName] = useState(props.initial);
  const nameId = useId();
  const noteId = useId();
  const problem = name === '' ? null : refNameProblem(name);
  const said = problem === null ? null : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
  const wrong = said ?? (error === null ? null : errorMessage(error));
  return (
    <form
      className={cn('flex flex-col items-start gap-3', className)}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(name);
      }}
    >
      {children}
      <div className="flex w-full flex-col gap-1">
        <label htmlFor={nameId} className="text-xs text-ink-2">
          Name
        </label>
        <TextField
          id={nameId}
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="e.g. fix-delays"
          aria-invalid={wrong !== null}
          aria-describedby={noteId}
        />
        <p
          id={noteId}
          aria-live="polite"
          className={cn('text-xs break-words', wrong === null ? 'text-ink-2' : 'text-bad')}
        >
          {wrong ?? note}
        </p>
      </div>
      <Button
        look="primary"
        type="submit"
        disabled={name === '' || name === props.present || problem !== null || pending}
      >
        {action}
      </Button>
    </form>
  );
}
