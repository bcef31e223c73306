import { UserRound } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { MOST_LETTERS, setAuthorName, useAuthorName } from '#web/lib/author.ts';

/** Who works in this browser: what commits, merge requests and approvals are signed with. */
export function AuthorMenu() {
  const author = useAuthorName();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label="Your name"
      side="right"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-3"
      trigger={
        <IconButton icon={UserRound} label={author === '' ? 'Your name' : `You are ${author}`} side="right" />
      }
    >
      <NameForm initial={author} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function NameForm({ initial, onDone }: { initial: string; onDone: () => void }) {
  const [name, setName] = useState(initial);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setAuthorName(name);
        onDone();
      }}
    >
      <Field
        label="Your name"
        note="Commits, merge requests and approvals of this browser bear it. Where it is empty, they bear the name of whoever runs the server."
      >
        {(tie) => (
          <TextField
            {...tie}
            autoFocus
            value={name}
            maxLength={MOST_LETTERS}
            placeholder="e.g. Ada"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button look="primary" type="submit" disabled={name.trim() === initial}>
          Save
        </Button>
      </div>
    </form>
  );
}
