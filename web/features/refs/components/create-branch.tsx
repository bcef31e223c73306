import { ArrowLeft } from 'lucide-react';
import { useId, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useCreateRef } from '../api/create-ref.ts';

interface CreateBranchProps {
  /** Ref expression of where it starts. */
  readonly from: string;
  readonly initialName: string;
  readonly onDone: () => void;
  /** Back to where it was called from; absent where what it is in has a way out, and a title. */
  readonly onBack?: () => void;
}

export function CreateBranch({ from, initialName, onDone, onBack }: CreateBranchProps) {
  const [name, setName] = useState(initialName.trim().replaceAll(/\s+/g, '-'));
  const create = useCreateRef();
  const toast = useToast();
  const { go } = useCurrentRef();
  const problemId = useId();
  const nameId = useId();
  const problem = name === '' ? null : refNameProblem(name);
  const message = problem === null ? null : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
  const shown = message ?? (create.isError ? errorMessage(create.error) : null);

  return (
    <form
      className={cn('flex flex-col gap-2', onBack !== undefined && 'p-3')}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(
          { name, type: 'BRANCH', from },
          {
            onSuccess: (ref) => {
              go(ref.name);
              toast({ title: `Branch ${ref.name} is made, and you are on it.` });
              onDone();
            },
          },
        );
      }}
    >
      {onBack !== undefined && (
        <div className="flex items-center gap-1">
          <IconButton icon={ArrowLeft} label="Back to the list" small onClick={onBack} />
          <p className="font-medium">New branch</p>
        </div>
      )}
      <label htmlFor={nameId} className="text-xs text-ink-2">
        Name
      </label>
      <TextField
        id={nameId}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        placeholder="e.g. fix-delays"
        aria-invalid={shown !== null}
        aria-describedby={problemId}
      />
      <p
        id={problemId}
        aria-live="polite"
        className={shown === null ? 'text-xs text-ink-2' : 'text-xs text-bad'}
      >
        {shown ?? (
          <>
            Starts from <span className="font-mono">{from.replace(/@([0-9a-f]{8})[0-9a-f]*$/, '@$1')}</span>.
            Nothing is copied.
          </>
        )}
      </p>
      <Button look="primary" type="submit" disabled={name === '' || problem !== null || create.isPending}>
        {create.isPending ? 'Making it…' : 'Create branch'}
      </Button>
    </form>
  );
}
