import {
  ChevronRight,
  Ellipsis,
  FileSpreadsheet,
  Pencil,
  Play,
  Save,
  TextCursorInput,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import type { LocalFile } from '#web/duckdb/local/types.ts';
import { cn } from '#web/lib/class-names.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { FileName } from './file-name.tsx';
import { FileTrouble } from './file-trouble.tsx';

interface FileRowProps {
  readonly file: LocalFile;
  /** Puts text into the editor; null while there is none. */
  readonly onInsert: ((text: string) => void) | null;
  readonly onQuery: (sql: string) => void;
  readonly onSave: () => void;
  /** Throws what is wrong with the name. */
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
  readonly onReopen: () => Promise<void>;
}

/** A file of this computer, and its columns once it is opened. */
export function FileRow({ file, onInsert, onQuery, onSave, onRename, onRemove, onReopen }: FileRowProps) {
  const [open, setOpen] = useState(false);
  const [naming, setNaming] = useState(false);
  const { name, state, columns, rows } = file;
  const ready = state === 'ready';
  const sqlName = displayIdentifier(name);
  return (
    <li className="group relative">
      {naming ? (
        <FileName name={name} onRename={onRename} onDone={() => setNaming(false)} />
      ) : (
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${name}, ${describe(file)}`}
          title={`${file.fileName}\n${exactBytes(file.bytes)}${file.notes.map((note) => `\n${note}`).join('')}`}
          onClick={() => setOpen(!open)}
          onKeyDown={(event) => event.key === 'F2' && setNaming(true)}
          className="row w-full pr-8 text-left"
        >
          <ChevronRight
            aria-hidden
            className={cn(
              'size-3.5 shrink-0 text-ink-3 transition-transform duration-100',
              open && 'rotate-90',
            )}
          />
          <FileSpreadsheet
            aria-hidden
            className={cn('size-4 shrink-0', state === 'failed' ? 'text-bad' : 'text-ink-3')}
            strokeWidth={1.75}
          />
          <span className={cn('truncate', !ready && 'text-ink-2')}>{name}</span>
          <span className="ml-auto shrink-0 text-xs text-ink-3 tabular-nums group-focus-within:invisible group-hover:invisible">
            {ready && rows !== null
              ? formatInteger(rows)
              : state === 'failed'
                ? 'failed'
                : state === 'away'
                  ? 'closed'
                  : ''}
          </span>
        </button>
      )}
      {!naming && (
        <span className="absolute top-0.5 right-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100">
          <Menu align="end" trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} small />}>
            <MenuItem icon={Play} disabled={!ready} onSelect={() => onQuery(`FROM ${sqlName}`)}>
              Query in a new cell
            </MenuItem>
            <MenuItem
              icon={TextCursorInput}
              disabled={!ready || onInsert === null}
              onSelect={() => onInsert?.(sqlName)}
            >
              Insert the name
            </MenuItem>
            <MenuItem icon={Save} disabled={!ready} onSelect={onSave}>
              Save as table…
            </MenuItem>
            <MenuItem icon={Pencil} shortcut="F2" onSelect={() => setNaming(true)}>
              Rename…
            </MenuItem>
            <MenuItem icon={X} onSelect={onRemove}>
              Remove from this tab
            </MenuItem>
          </Menu>
        </span>
      )}
      {state === 'reading' && (
        <ProgressBar
          label={`Reading ${file.fileName}`}
          done={file.done}
          total={file.format === 'parquet' ? 0 : file.bytes}
          valueText={`${formatBytes(file.done)} of ${formatBytes(file.bytes)}`}
          className="mx-2 mb-1"
        />
      )}
      {(state === 'failed' || state === 'away') && <FileTrouble file={file} onReopen={onReopen} />}
      {open && ready && (
        <ul aria-label={`Columns of ${name}`}>
          {columns.map((column) => (
            <li key={column.name}>
              <button
                type="button"
                disabled={onInsert === null}
                title={`${column.name}\n${column.type}`}
                onClick={() => onInsert?.(displayIdentifier(column.name))}
                className="row h-6 w-full gap-2 pl-9 text-left disabled:hover:bg-transparent"
              >
                <span className="truncate">{column.name}</span>
                <span className="ml-auto max-w-[50%] shrink-0 truncate font-mono text-xs text-ink-3">
                  {column.type.toLowerCase()}
                </span>
              </button>
            </li>
          ))}
          {file.notes.map((note) => (
            <li key={note} className="py-0.5 pr-2 pl-9 text-xs text-ink-2">
              {note}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function describe({ state, rows, columns, fileName }: LocalFile): string {
  if (state === 'ready')
    return `${countOf(rows ?? 0, 'row')}, ${countOf(columns.length, 'column')}, from ${fileName}`;
  return `${fileName} ${{ reading: 'is being read', failed: 'could not be read', away: 'is closed' }[state]}`;
}
