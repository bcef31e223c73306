import { useCallback } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { useToast } from '#web/components/toast.tsx';
import { useUndoMove, type Move } from '../api/reflog.ts';

/** Says what was done, with the way back. `onUndone` runs once it is undone. */
export function useUndoToast(): (title: string, move: Move, onUndone?: () => void) => void {
  const toast = useToast();
  const { mutateAsync: undo } = useUndoMove();
  return useCallback(
    (title, move, onUndone) => {
      // What offered it may be gone by then (a dialog), and with it the callbacks of a mutation: a promise stays.
      const run = async () => {
        try {
          await undo(move);
          toast({ title: 'Undone.' });
          onUndone?.();
        } catch (error) {
          toast({ title: 'It was not undone.', description: errorMessage(error), tone: 'bad' });
        }
      };
      toast({ title, action: { label: 'Undo', run: () => void run() } });
    },
    [toast, undo],
  );
}
