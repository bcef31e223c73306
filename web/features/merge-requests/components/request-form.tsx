import { useState, type ReactNode } from 'react';
import type { MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { TextArea } from '#web/components/text-area.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { checkNames } from '../model/request-state.ts';

export type RequestWords = Pick<
  MergeRequestInfo,
  'title' | 'description' | 'requiredChecks' | 'requiredApprovals'
>;

interface RequestFormProps {
  readonly initial: RequestWords;
  /** Shown in the title's place as long as nothing is written, and taken then. */
  readonly suggestedTitle?: string;
  readonly action: string;
  readonly icon?: ReactNode;
  readonly pending: boolean;
  /** Why it can't be sent as things are, besides what the fields say. */
  readonly blocked?: boolean;
  readonly error: unknown;
  readonly onSubmit: (words: RequestWords) => void;
}

/** What a merge request says, and what has to be true before it may be merged. */
export function RequestForm(props: RequestFormProps) {
  const { initial, suggestedTitle = '', action, icon, pending, blocked = false, error, onSubmit } = props;
  const [title, setTitle] = useState(initial.title);
  const [description, setDescription] = useState(initial.description);
  const [approvals, setApprovals] = useState(String(initial.requiredApprovals));
  const [checks, setChecks] = useState(initial.requiredChecks.join(', '));
  const said = title.trim() === '' ? suggestedTitle : title.trim();
  const count = Number(approvals);
  const wrongCount = !Number.isInteger(count) || count < 0 || count > 100 || approvals.trim() === '';
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({
          title: said,
          description: description.trim(),
          requiredApprovals: count,
          requiredChecks: checkNames(checks),
        });
      }}
    >
      <Field label="Title">
        {(tie) => (
          <TextField
            {...tie}
            value={title}
            maxLength={500}
            placeholder={suggestedTitle === '' ? 'What it changes, in a line' : suggestedTitle}
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Field>
      <Field label="Description">
        {(tie) => (
          <TextArea
            {...tie}
            value={description}
            rows={4}
            placeholder="Why, what to look at, what follows from it. Markdown."
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-[10rem_minmax(0,1fr)] gap-3">
        <Field
          label="Approvals needed"
          problem={wrongCount ? 'A whole number from 0 to 100.' : null}
          note="At the head that is merged."
        >
          {(tie) => (
            <TextField
              {...tie}
              inputMode="numeric"
              value={approvals}
              onChange={(event) => setApprovals(event.target.value)}
              className="text-right"
            />
          )}
        </Field>
        <Field label="Checks that have to pass" note="Names with commas between them; none where empty.">
          {(tie) => (
            <TextField
              {...tie}
              value={checks}
              placeholder="e.g. quality, freshness"
              onChange={(event) => setChecks(event.target.value)}
            />
          )}
        </Field>
      </div>
      {error !== null && (
        <p role="alert" className="break-words text-bad">
          {errorMessage(error)}
        </p>
      )}
      <div>
        <Button look="primary" type="submit" disabled={said === '' || wrongCount || pending || blocked}>
          {icon}
          {action}
        </Button>
      </div>
    </form>
  );
}
