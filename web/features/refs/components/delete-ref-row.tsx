import { Trash2 } from 'lucide-react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { RefInfo } from '#shared/contract/refs.ts';
import { useCreateRef } from '#web/components/refs/use-create-ref.ts';
import { useToast } from '#web/components/toast.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useDeleteRef } from '../api/delete-ref.ts';

/** Deletes the branch or tag that the page is on. Its commits stay, so one click brings it back. */
export function DeleteRefRow({ target, onDone }: { target: RefInfo; onDone: () => void }) {
  const { go, defaultBranch } = useCurrentRef();
  const { mutate: deleteRef } = useDeleteRef();
  const { mutate: createRef } = useCreateRef();
  const toast = useToast();
  const kind = target.type === 'TAG' ? 'Tag' : 'Branch';
  const bring = () =>
    createRef(
      { name: target.name, type: target.type, from: target.hash },
      {
        onSuccess: () => go(target.name),
        onError: (error) =>
          toast({
            title: `${kind} ${target.name} did not come back.`,
            description: errorMessage(error),
            tone: 'bad',
          }),
      },
    );
  const remove = () => {
    onDone();
    deleteRef(target.name, {
      onSuccess: () => {
        go(defaultBranch);
        toast({ title: `${kind} ${target.name} is deleted.`, action: { label: 'Undo', run: bring } });
      },
      onError: (error) =>
        toast({
          title: `${kind} ${target.name} was not deleted.`,
          description: errorMessage(error),
          tone: 'bad',
        }),
    });
  };
  return (
    <button type="button" className="row w-full hover:bg-bad-soft hover:text-bad" onClick={remove}>
      <Trash2 aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <span className="truncate">
        Delete {kind.toLowerCase()} {target.name}
      </span>
    </button>
  );
}
