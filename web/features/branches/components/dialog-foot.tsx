import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';

interface DialogFootProps {
  readonly action: string;
  readonly ready: boolean;
  /** Of the last try; null where it did not fail. */
  readonly error?: unknown;
  readonly danger?: boolean;
  readonly onCancel: () => void;
}

/** The end of a dialog's form: why it failed, leaving it, doing it. */
export function DialogFoot({ action, ready, error = null, danger = false, onCancel }: DialogFootProps) {
  return (
    <>
      {error !== null && (
        <p role="alert" className="break-words text-bad">
          {errorMessage(error)}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          type="submit"
          disabled={!ready}
          className="min-w-0 shrink"
        >
          <span className="truncate">{action}</span>
        </Button>
      </div>
    </>
  );
}
