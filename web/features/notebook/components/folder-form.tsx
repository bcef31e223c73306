import { useId, useState } from 'react';
import { Button } from '#web/components/button.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cleanFolder } from '#web/lib/clean-folder.ts';

interface FolderFormProps {
  readonly folder: string | undefined;
  /** Those that there are, to choose from. */
  readonly folders?: readonly string[];
  /** Undefined: to the top. */
  readonly onMove: (folder: string | undefined) => void;
}

/** Asks for the folder that a notebook goes to; one that is not there yet comes to be by this. */
export function FolderForm({ folder = '', folders = [], onMove }: FolderFormProps) {
  const [name, setName] = useState(folder);
  const list = useId();
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onMove(cleanFolder(name));
      }}
    >
      <TextField
        aria-label="Folder"
        value={name}
        maxLength={200}
        list={list}
        placeholder="none, or Reports/Weekly"
        onChange={(event) => setName(event.target.value)}
      />
      <datalist id={list}>
        {folders.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
      <Button type="submit" look="primary">
        Move
      </Button>
    </form>
  );
}
