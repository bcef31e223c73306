import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { nameRevision, revisionsQuery } from '../api/notebook-history.ts';

interface VersionNameProps {
  readonly notebook: string;
  readonly version: number;
  readonly name: string | undefined;
}

/** What a version is called. One with a name is kept for good, and an empty name lets it go as the others do. */
export function VersionName({ notebook, version, name = '' }: VersionNameProps) {
  const [text, setText] = useState(name);
  const client = useQueryClient();
  const toast = useToast();
  const wanted = text.trim();
  const save = async () => {
    const all = await nameRevision(notebook, version, wanted === '' ? null : wanted);
    client.setQueryData(revisionsQuery(notebook).queryKey, [...all]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted === name) return;
    save().catch((error: unknown) =>
      toast({ title: 'The name was not saved.', description: errorMessage(error), tone: 'bad' }),
    );
  };
  return (
    <form onSubmit={submit} className="mb-2 flex items-center gap-2">
      <TextField
        aria-label="Name of this version"
        value={text}
        maxLength={100}
        placeholder="Name this version to keep it for good"
        onChange={(event) => setText(event.target.value)}
        className="max-w-80"
      />
      <Button type="submit" disabled={wanted === name}>
        {wanted === '' && name !== '' ? 'Take the name away' : 'Save the name'}
      </Button>
    </form>
  );
}
