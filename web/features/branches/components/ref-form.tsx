import { useState } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { NameForm } from '#web/components/refs/name-form.tsx';
import { useCreateRef } from '#web/components/refs/use-create-ref.ts';
import { Segmented } from '#web/components/segmented.tsx';
import { useUpdateRef } from '../api/change-ref.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { RefSelect } from '#web/components/refs/ref-select.tsx';

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
      present={target.name}
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
