import { errorMessage } from '#shared/errors/app-error.ts';
import type { RefInfo } from '#shared/contract/refs.ts';
import { useToast } from '#web/components/toast.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useDeleteRef } from '../api/change-ref.ts';
import { useUndoToast } from './use-undo-toast.ts';

/** What asks for more before it is done. */
export type RefQuestion = 'rename' | 'protect' | 'reset' | 'rebase';

export interface RefActions {
  readonly switchTo: (ref: RefInfo) => void;
  readonly compare: (ref: RefInfo) => void;
  readonly propose: (ref: RefInfo) => void;
  readonly history: (ref: RefInfo) => void;
  readonly rename: (ref: RefInfo) => void;
  readonly protect: (ref: RefInfo) => void;
  readonly reset: (ref: RefInfo) => void;
  readonly rebase: (ref: RefInfo) => void;
  readonly remove: (ref: RefInfo) => void;
}

interface RefActionsInput {
  readonly defaultBranch: string;
  /** Name of the branch or tag that the page reads. */
  readonly here: string;
  readonly onCompare: (source: string) => void;
  readonly onPropose: (source: string) => void;
  readonly onHistory: (name: string) => void;
  readonly onAsk: (question: RefQuestion, ref: RefInfo) => void;
}

export function useRefActions(input: RefActionsInput): RefActions {
  const { defaultBranch, here, onCompare, onPropose, onHistory, onAsk } = input;
  const { go } = useCurrentRef();
  const toast = useToast();
  const announce = useUndoToast();
  const { mutate: remove } = useDeleteRef();
  return {
    switchTo: (ref) => go(ref.name),
    compare: (ref) => onCompare(ref.name),
    propose: (ref) => onPropose(ref.name),
    history: (ref) => onHistory(ref.name),
    rename: (ref) => onAsk('rename', ref),
    protect: (ref) => onAsk('protect', ref),
    reset: (ref) => onAsk('reset', ref),
    rebase: (ref) => onAsk('rebase', ref),
    remove: (ref) =>
      remove(ref, {
        onSuccess: () => {
          if (ref.name === here) go(defaultBranch);
          announce(
            `${ref.type === 'TAG' ? 'Tag' : 'Branch'} ${ref.name} is deleted.`,
            { ref: ref.name, after: null },
            () => ref.name === here && go(ref.name),
          );
        },
        onError: (error) =>
          toast({ title: `${ref.name} was not deleted.`, description: errorMessage(error), tone: 'bad' }),
      }),
  };
}
