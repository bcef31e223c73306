import type { RefInfo } from '#shared/contract/refs.ts';
import { Dialog } from '#web/components/dialog.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import type { RefQuestion } from '../model/use-ref-actions.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { ProtectForm } from './protect-form.tsx';
import { RebaseForm } from './rebase-form.tsx';
import { RenameRefForm } from './ref-form.tsx';
import { ResetForm } from './reset-form.tsx';

export interface AskedOfRef {
  readonly question: RefQuestion;
  readonly ref: RefInfo;
}

interface RefDialogsProps {
  /** Null: none is open. */
  readonly asked: AskedOfRef | null;
  readonly refs: readonly RefInfo[];
  readonly defaultBranch: string;
  readonly here: string;
  readonly onClose: () => void;
}

const TITLES: Readonly<Record<RefQuestion, string>> = {
  rename: 'Rename',
  protect: 'Protect',
  reset: 'Reset',
  rebase: 'Rebase',
};

/** What is asked before a branch or tag is changed. */
export function RefDialogs({ asked, refs, defaultBranch, here, onClose }: RefDialogsProps) {
  const { go } = useCurrentRef();
  const announce = useUndoToast();
  return (
    <Dialog
      open={asked !== null}
      onOpenChange={(open) => !open && onClose()}
      title={asked === null ? '' : `${TITLES[asked.question]} ${asked.ref.name}`}
      className={asked?.question === 'rename' ? 'w-96' : 'w-150'}
    >
      {asked?.question === 'rename' && (
        <RenameRefForm
          target={asked.ref}
          onDone={(renamed) => {
            const { name } = asked.ref;
            onClose();
            if (name === here) go(renamed.name);
            announce(
              `${name} is ${renamed.name} now.`,
              { ref: renamed.name, after: renamed.hash },
              () => name === here && go(name),
            );
          }}
        />
      )}
      {asked?.question === 'protect' && <ProtectForm target={asked.ref} onClose={onClose} />}
      {asked?.question === 'reset' && <ResetForm target={asked.ref} refs={refs} onClose={onClose} />}
      {asked?.question === 'rebase' && (
        <RebaseForm
          branch={asked.ref.name}
          refs={refs}
          onto={asked.ref.name === defaultBranch ? undefined : defaultBranch}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
