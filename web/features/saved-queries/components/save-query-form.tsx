import { useState } from 'react';
import type { CreateSavedQuery, SavedQuery } from '#shared/contract/saved-queries.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { Field } from '#web/components/field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { TextArea } from '#web/components/text-area.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cleanFolder } from '#web/lib/clean-folder.ts';
import { useKeepQuery } from '../api/saved-queries.ts';
import { tagsOf } from '../model/find-queries.ts';

interface SaveQueryFormProps {
  /** What there is to begin with; with an id it is changed, without one it is new. */
  readonly from: Partial<SavedQuery> & Pick<SavedQuery, 'sql'>;
  readonly onSaved: (saved: SavedQuery) => void;
}

const KINDS = [
  { value: 'query', label: 'Query' },
  { value: 'snippet', label: 'Snippet' },
] as const;

export function SaveQueryForm({ from, onSaved }: SaveQueryFormProps) {
  const [kind, setKind] = useState<SavedQuery['kind']>(from.kind ?? 'query');
  const [name, setName] = useState(from.name ?? '');
  const [description, setDescription] = useState(from.description ?? '');
  const [sql, setSql] = useState(from.sql);
  const [folder, setFolder] = useState(from.folder ?? '');
  const [tags, setTags] = useState((from.tags ?? []).join(', '));
  const keep = useKeepQuery();
  const { id, version } = from;
  const submit = () => {
    const inFolder = cleanFolder(folder);
    const content: CreateSavedQuery = {
      kind,
      name: name.trim(),
      description: description.trim(),
      sql,
      tags: tagsOf(tags),
      ...(inFolder === undefined ? {} : { folder: inFolder }),
    };
    const over = id === undefined || version === undefined ? {} : { over: { id, version } };
    keep.mutate({ content, ...over }, { onSuccess: onSaved });
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div>
        <Segmented label="What it is" value={kind} onChange={setKind} options={KINDS} />
      </div>
      <Field label="Name" note={kind === 'snippet' ? 'Editors offer it while this is typed.' : undefined}>
        {(tie) => (
          <TextField
            {...tie}
            // The dialog was opened to give a name.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={name}
            maxLength={200}
            placeholder={kind === 'snippet' ? 'e.g. dedupe' : 'e.g. Late flights by month'}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="SQL"
        note={
          kind === 'snippet'
            ? 'Tab goes from place to place: ${1:table} is the first, and says “table” until it is filled.'
            : undefined
        }
      >
        {(tie) => (
          <TextArea
            {...tie}
            rows={5}
            value={sql}
            className="font-mono text-xs"
            onChange={(event) => setSql(event.target.value)}
          />
        )}
      </Field>
      <Field label="What it is for">
        {(tie) => (
          <TextField
            {...tie}
            value={description}
            maxLength={10_000}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Folder" note="None where empty.">
          {(tie) => (
            <TextField
              {...tie}
              value={folder}
              maxLength={200}
              placeholder="e.g. Reports/Weekly"
              onChange={(event) => setFolder(event.target.value)}
            />
          )}
        </Field>
        <Field label="Tags" note="With commas between.">
          {(tie) => (
            <TextField
              {...tie}
              value={tags}
              placeholder="e.g. ops, daily"
              onChange={(event) => setTags(event.target.value)}
            />
          )}
        </Field>
      </div>
      {keep.error !== null && (
        <p role="alert" className="break-words text-bad">
          {errorMessage(keep.error)}
        </p>
      )}
      <div>
        <Button
          look="primary"
          type="submit"
          disabled={name.trim() === '' || sql.trim() === '' || keep.isPending}
        >
          {keep.isPending ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
