import { FilePlus2 } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { IconButton } from '#web/components/icon-button.tsx';
import { FILE_ENDINGS } from '#web/duckdb/local/file-kind.ts';
import type { GivenFile, LocalFile, LocalFiles } from '#web/duckdb/local/types.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { useInsertText } from '#web/lib/insert-text.ts';
import { useLocalFiles } from '../model/use-local-files.ts';
import { FileRow } from './file-row.tsx';

interface LocalFilesSectionProps {
  readonly files: LocalFiles;
  readonly onGive: (given: readonly GivenFile[]) => void;
  /** Puts SQL into a new cell and runs it. */
  readonly onQuery: (sql: string) => void;
  readonly onSave: (file: LocalFile) => void;
}

/** The files that were dropped into the page, with their columns. */
export function LocalFilesSection({ files, onGive, onQuery, onSave }: LocalFilesSectionProps) {
  const list = useLocalFiles(files);
  const insert = useInsertText();
  const field = useRef<HTMLInputElement>(null);
  useCommands(
    useMemo(
      () => [
        {
          id: 'files.open',
          title: 'Open local files…',
          group: 'Local files',
          icon: FilePlus2,
          shortcut: 'Alt+O',
          run: () => field.current?.click(),
        },
      ],
      [],
    ),
  );

  return (
    <section aria-label="Local files" className="flex max-h-[35%] shrink-0 flex-col border-b pb-2">
      <header className="flex h-9 shrink-0 items-center gap-2 pr-2 pl-4">
        <h2 className="text-xs font-medium text-ink-2">Local files</h2>
        {list.length > 0 && <span className="text-xs text-ink-3">{list.length}</span>}
        <span className="ml-auto flex">
          <IconButton
            icon={FilePlus2}
            label="Open local files"
            shortcut="Alt+O"
            small
            onClick={() => field.current?.click()}
          />
        </span>
      </header>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Local files to query"
        accept={FILE_ENDINGS.map((ending) => `.${ending}`).join(',')}
        onChange={(event) => {
          onGive([...(event.target.files ?? [])].map((file) => ({ file })));
          event.target.value = '';
        }}
      />
      {list.length === 0 ? (
        <p className="px-4 pb-1 text-ink-3">
          Drop a CSV, Parquet, JSON or Arrow file into the page to query it.
        </p>
      ) : (
        <ul className="min-h-0 overflow-y-auto px-2">
          {list.map((file) => (
            <FileRow
              key={file.id}
              file={file}
              onInsert={insert}
              onQuery={onQuery}
              onSave={() => onSave(file)}
              onRename={(name) => files.rename(file.id, name)}
              onRemove={() => files.remove(file.id)}
              onReopen={() => files.reopen(file.id)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
