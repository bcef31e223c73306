import { useId } from 'react';
import { Field } from '#web/components/field.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { gateOf, type GateDraft } from '../model/gate-draft.ts';

interface GateFieldsProps {
  readonly gate: GateDraft;
  readonly onGate: (gate: GateDraft) => void;
}

/** What a merge request needs before it lands on the branch. */
export function GateFields({ gate, onGate }: GateFieldsProps) {
  const id = useId();
  return (
    <fieldset className="ml-6 rounded-md border px-3 pt-1 pb-3">
      <legend className="px-1 text-xs text-ink-2">A merge request needs</legend>
      <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-3">
        <Field label="Approvals" problem={gateOf(gate) === null ? 'A number from 0 to 100.' : null}>
          {(tie) => (
            <TextField
              {...tie}
              inputMode="numeric"
              value={gate.approvals}
              onChange={(event) => onGate({ ...gate, approvals: event.target.value })}
              className="text-right"
            />
          )}
        </Field>
        <Field label="Checks that have to pass">
          {(tie) => (
            <TextField
              {...tie}
              value={gate.checks}
              placeholder="Names with commas between them; none where empty"
              onChange={(event) => onGate({ ...gate, checks: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="mt-2 flex items-center gap-2">
        <input
          id={id}
          type="checkbox"
          checked={gate.authorMayApprove}
          onChange={(event) => onGate({ ...gate, authorMayApprove: event.target.checked })}
          className="accent-(--accent)"
        />
        <label htmlFor={id}>Whoever opened it may approve it</label>
      </div>
    </fieldset>
  );
}
