import { useId, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { RefInfo } from '#shared/contract/refs.ts';
import { refNameProblem } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useCreateRef, useUpdateRef } from '../api/change-ref.ts';
import { shortRef } from '../model/short-ref.ts';
import { RefSelect } from './ref-select.tsx';

interface CreateRefFormProps {
  readonly refs: readonly RefInfo[];
  /** Ref expression of where it starts, to begin with. */
  readonly from: string;
  readonly onDone: (created: RefInfo) => void;
}

/** A new branch or tag, from any place in history. */
export function CreateRefForm({ refs, from: initial, onDone }: CreateRefFormProps) {
  const [type, setType] = useState<RefInfo['type']>('BRANCH');
  const [from, setFrom] = useState(initial);
  const create = useCreateRef();
  const kind = type === 'TAG' ? 'tag' : 'branch';
  return (
    <NameForm
      initial=""
      action={create.isPending ? 'Making it…' : `Create ${kind}`}
      pending={create.isPending}
      error={create.error}
      note={`Starts from ${shortRef(from)}. Nothing is copied.`}
      onSubmit={(name) => create.mutate({ name, type, from }, { onSuccess: onDone })}
    >
      <Segmented
        label="What to make"
        value={type}
        onChange={setType}
        options={[
          { value: 'BRANCH', label: 'Branch' },
          { value: 'TAG', label: 'Tag' },
        ]}
      />
      <div className="flex w-full flex-col gap-1">
        <span className="text-xs text-ink-2">From</span>
        <RefSelect label="From" value={from} onChange={setFrom} refs={refs} anyPlace className="w-full" />
      </div>
    </NameForm>
  );
}

export function RenameRefForm({ target, onDone }: { target: RefInfo; onDone: (renamed: RefInfo) => void }) {
  const rename = useUpdateRef();
  return (
    <NameForm
      initial={target.name}
      action={rename.isPending ? 'Renaming…' : 'Rename'}
      pending={rename.isPending}
      error={rename.error}
      note="Addresses with the old name lead nowhere then."
      onSubmit={(name) =>
        rename.mutate(
          { ref: target.name, change: { name, expectedHash: target.hash } },
          { onSuccess: onDone },
        )
      }
    />
  );
}

interface NameFormProps {
  readonly initial: string;
  readonly action: string;
  readonly pending: boolean;
  readonly error: unknown;
  readonly note: string;
  readonly onSubmit: (name: string) => void;
  readonly children?: React.ReactNode;
}

function NameForm({ initial, action, pending, error, note, onSubmit, children }: NameFormProps) {
  const [name, setName] = useState(initial);
  const nameId = useId();
  const noteId = useId();
  const problem = name === '' ? null : refNameProblem(name);
  const said = problem === null ? null : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
  const wrong = said ?? (error === null ? null : errorMessage(error));
  return (
    <form
      className="flex flex-col items-start gap-3"
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
          className={wrong === null ? 'text-xs text-ink-2' : 'text-xs text-bad'}
        >
          {wrong ?? note}
        </p>
      </div>
      <Button
        look="primary"
        type="submit"
        disabled={name === '' || name === initial || problem !== null || pending}
      >
        {action}
      </Button>
    </form>
  );
}
