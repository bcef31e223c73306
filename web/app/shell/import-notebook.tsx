import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useNotebookActions } from '../notebook-actions.ts';

/** Ends of the names of files that can be read. */
const READABLE_FILES = '.md,.ipynb,.sql';

/** Makes notebooks of files. */
export function ImportNotebook() {
  const field = useRef<HTMLInputElement>(null);
  const toast = useToast();
  const { createBeside } = useNotebookActions();
  const read = async (files: readonly File[]) => {
    for (const file of files) {
      try {
        // What reads files is loaded when there is one: the first page does without.
        const { readNotebookFile } = await import('#web/features/notebook/model/notebook-files.ts');
        const { document, keptAsText } = await readNotebookFile(file);
        await createBeside(document);
        if (keptAsText > 0)
          toast({
            title: `${file.name} is imported.`,
            description: `${keptAsText === 1 ? 'One cell is' : `${keptAsText} cells are`} not SQL, and kept as text: only SQL runs here.`,
          });
      } catch (error) {
        toast({ title: `${file.name} was not imported.`, description: errorMessage(error), tone: 'bad' });
      }
    }
  };
  return (
    <>
      <IconButton
        icon={Upload}
        label="Import a notebook (.md, .ipynb, .sql)"
        small
        onClick={() => field.current?.click()}
      />
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Notebook files"
        accept={READABLE_FILES}
        onChange={(event) => {
          void read([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
