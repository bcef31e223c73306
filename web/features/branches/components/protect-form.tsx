import { Fragment, useId, useState } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import { useUpdateRef } from '../api/change-ref.ts';
import { offeredRules, rulesText } from '../model/protection.ts';
import { gateDraftOf, gateOf } from '../model/gate-draft.ts';
import { useUndoToast } from '../model/use-undo-toast.ts';
import { DialogFoot } from './dialog-foot.tsx';
import { GateFields } from './gate-fields.tsx';

interface ProtectFormProps {
  readonly target: RefInfo;
  readonly onClose: () => void;
}

/** What is refused on a branch or tag. */
export function ProtectForm({ target, onClose }: ProtectFormProps) {
  const { name, hash, protection, type } = target;
  const [rules, setRules] = useState<ReadonlySet<RefInfo['protection'][number]>>(new Set(protection));
  const id = useId();
  const update = useUpdateRef();
  const announce = useUndoToast();
  const gated = rules.has('MERGE');
  const [gate, setGate] = useState(() => gateDraftOf(target.mergeGate));
  const mergeGate = gated ? gateOf(gate) : undefined;
  const wrong = mergeGate === null;
  const same =
    rules.size === protection.length &&
    protection.every((rule) => rules.has(rule)) &&
    (!gated || JSON.stringify(gate) === JSON.stringify(gateDraftOf(target.mergeGate)));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate(
          {
            ref: name,
            change: {
              protection: [...rules],
              expectedHash: hash,
              ...(mergeGate === undefined || mergeGate === null ? {} : { mergeGate }),
            },
          },
          {
            onSuccess: (changed) => {
              onClose();
              announce(
                changed.protection.length === 0
                  ? `${name} is no longer protected.`
                  : `${name} is protected: ${rulesText(changed.protection)}.`,
                { ref: name, after: hash },
              );
            },
          },
        );
      }}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-ink-2">On {name}, refuse</legend>
        {offeredRules(type).map(({ rule, label, says }) => (
          <Fragment key={rule}>
            <div className="flex items-start gap-2">
              <input
                id={`${id}-${rule}`}
                type="checkbox"
                aria-describedby={`${id}-${rule}-note`}
                checked={rules.has(rule)}
                onChange={(event) => {
                  const next = new Set(rules);
                  if (event.target.checked) next.add(rule);
                  else next.delete(rule);
                  setRules(next);
                }}
                className="mt-1 accent-(--accent)"
              />
              <div className="min-w-0">
                <label htmlFor={`${id}-${rule}`} className="font-medium">
                  {label}
                </label>
                <p id={`${id}-${rule}-note`} className="text-ink-3">
                  {says}
                </p>
              </div>
            </div>
            {rule === 'MERGE' && gated && <GateFields gate={gate} onGate={setGate} />}
          </Fragment>
        ))}
      </fieldset>
      <DialogFoot
        action={update.isPending ? 'Saving…' : 'Save'}
        ready={!same && !wrong && !update.isPending}
        error={update.error}
        onCancel={onClose}
      />
    </form>
  );
}
