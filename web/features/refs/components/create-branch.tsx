import { ArrowLeft } from 'lucide-react';
import { IconButton } from '#web/components/icon-button.tsx';
import { NameForm } from '#web/components/refs/name-form.tsx';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { useCreateRef } from '#web/components/refs/use-create-ref.ts';
import { useToast } from '#web/components/toast.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';

interface CreateBranchProps {
  /** Ref expression of where it starts. */
  readonly from: string;
  readonly initialName: string;
  readonly onDone: () => void;
  /** Back to where it was called from; absent where what it is in has a way out, and a title. */
  readonly onBack?: () => void;
}

/** A new branch from where the page reads, which the page then goes to. */
export function CreateBranch({ from, initialName, onDone, onBack }: CreateBranchProps) {
  const create = useCreateRef();
  const toast = useToast();
  const { go } = useCurrentRef();
  return (
    <NameForm
      initial={initialName.trim().replaceAll(/\s+/g, '-')}
      action={create.isPending ? 'Making it…' : 'Create branch'}
      pending={create.isPending}
      error={create.error}
      note={
        <>
          Starts from <span className="font-mono">{shortRef(from)}</span>. Nothing is copied.
        </>
      }
      onSubmit={(name) =>
        create.mutate(
          { name, type: 'BRANCH', from },
          {
            onSuccess: (ref) => {
              go(ref.name);
              toast({ title: `Branch ${ref.name} is made, and you are on it.` });
              onDone();
            },
          },
        )
      }
      className={onBack === undefined ? '' : 'p-3'}
    >
      {onBack !== undefined && (
        <div className="flex items-center gap-1">
          <IconButton icon={ArrowLeft} label="Back to the list" small onClick={onBack} />
          <p className="font-medium">New branch</p>
        </div>
      )}
    </NameForm>
  );
}
