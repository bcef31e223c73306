import { Columns3, Key } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TableDiff } from '#shared/contract/diff.ts';
import { Button } from '#web/components/button.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import type { RowView } from '../model/row-view.ts';

interface RowDiffBarProps {
  readonly diff: TableDiff;
  readonly keys: readonly string[];
  readonly onKeys: (keys: readonly string[]) => void;
  readonly view: RowView;
  readonly onView: (change: Partial<RowView>) => void;
  /** The rows are shown. */
  readonly wanted: boolean;
  readonly onWanted: () => void;
}

/** How many rows differ, which of them are looked at, and how. */
export function RowDiffBar({ diff, keys, onKeys, view, onView, wanted, onWanted }: RowDiffBarProps) {
  const { added, removed, changed } = diff.counts;
  const total = BigInt(added) + BigInt(removed) + BigInt(changed);
  const keyed = diff.keys.length > 0;
  return (
    <div className="flex shrink-0 flex-col gap-2 px-4 pb-2">
      <div className="flex flex-wrap items-center gap-2">
        {total === 0n ? (
          <p className="text-ink-2">No row differs.</p>
        ) : (
          <Segmented
            label="Which rows"
            value={view.kind}
            onChange={(kind) => onView({ kind, ...(kind === 'changed' ? {} : { changedIn: undefined }) })}
            options={[
              { value: 'all', label: `All ${formatInteger(total)}` },
              { value: 'added', label: `+ ${countOf(added, 'row')} added` },
              { value: 'removed', label: `− ${countOf(removed, 'row')} removed` },
              ...(keyed
                ? ([{ value: 'changed', label: `~ ${countOf(changed, 'row')} changed` }] as const)
                : []),
            ]}
          />
        )}
        <FilesRead diff={diff} />
        <div className="ml-auto flex min-w-0 items-center gap-2">
          {wanted && <TextFilter text={view.text} onText={(text) => onView({ text })} />}
          <KeyPicker diff={diff} keys={keys} onKeys={onKeys} />
          {wanted && keyed && changed !== '0' && (
            <>
              <IconButton
                icon={Columns3}
                label={view.changedOnly ? 'Show all columns' : 'Only columns that changed'}
                aria-pressed={view.changedOnly}
                small
                onClick={() => onView({ changedOnly: !view.changedOnly })}
              />
              <Segmented
                label="Changed rows"
                value={view.changedAs}
                onChange={(changedAs) => onView({ changedAs })}
                options={[
                  { value: 'one-line', label: 'old → new' },
                  { value: 'two-lines', label: 'Two lines' },
                ]}
              />
            </>
          )}
          {!wanted && total > 0n && (
            <Button small onClick={onWanted}>
              Show the rows
            </Button>
          )}
        </div>
      </div>
      {diff.changedColumns.length > 0 && (
        <ChangedColumns
          columns={diff.changedColumns}
          chosen={view.changedIn}
          onChoose={(changedIn) =>
            onView({ changedIn, ...(changedIn === undefined ? {} : { kind: 'changed' as const }) })
          }
        />
      )}
    </div>
  );
}

function FilesRead({ diff: { filesRead, filesShared } }: { diff: TableDiff }) {
  return (
    <span className="min-w-0 truncate text-xs text-ink-3" title="Files that both versions have are not read">
      {countOf(filesRead.before + filesRead.after, 'file')} read
      {filesShared > 0 && `, ${formatInteger(filesShared)} in both left unread`}
    </span>
  );
}

interface ChangedColumnsProps {
  readonly columns: TableDiff['changedColumns'];
  readonly chosen: string | undefined;
  readonly onChoose: (column: string | undefined) => void;
}

/** In which columns rows changed, and in how many rows; each is a filter. */
function ChangedColumns({ columns, chosen, onChoose }: ChangedColumnsProps) {
  return (
    <div
      role="group"
      aria-label="Changed in column"
      className="flex max-h-16 flex-wrap gap-1 overflow-y-auto"
    >
      <span className="mr-1 text-xs leading-6 text-ink-3">Changed in</span>
      {columns.map(({ name, rows }) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          title={`${countOf(rows, 'row')} changed in ${name}`}
          onClick={() => onChoose(chosen === name ? undefined : name)}
          className="inline-flex h-6 max-w-60 items-center gap-1.5 rounded-md border px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
        >
          <span className="truncate font-mono">{name}</span>
          <span className="shrink-0">{formatInteger(rows)}</span>
        </button>
      ))}
    </div>
  );
}

const TYPING_MS = 300;

/** Asked for once the typing rests. */
function TextFilter({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  const [sent, setSent] = useState(text);
  const [seen, setSeen] = useState(text);
  if (text !== seen) {
    setSeen(text);
    // Not the echo of what was typed: it was changed elsewhere, and the field follows.
    if (text !== sent) {
      setSent(text);
      setTyped(text);
    }
  }
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === sent) return undefined;
    const timer = setTimeout(() => {
      setSent(wanted);
      onText(wanted);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, sent, onText]);
  return (
    <SearchField
      label="Find in values"
      placeholder="Find in values…"
      value={typed}
      onChange={setTyped}
      className="w-44 shrink"
    />
  );
}

interface KeyPickerProps {
  readonly diff: TableDiff;
  readonly keys: readonly string[];
  readonly onKeys: (keys: readonly string[]) => void;
}

/** By which columns rows are taken for the same row. */
function KeyPicker({ diff, keys, onKeys }: KeyPickerProps) {
  return (
    <Popover
      label="Match rows by"
      align="end"
      className="w-64"
      trigger={
        <Button small look="quiet" className="max-w-72 min-w-0 shrink">
          <Key aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
          <span className="truncate">{keys.length === 0 ? 'Whole rows' : `By ${keys.join(', ')}`}</span>
        </Button>
      }
    >
      <fieldset className="max-h-80 overflow-y-auto p-1">
        <legend className="px-2 pt-2 pb-1 text-xs text-ink-3">Columns that say which row is which</legend>
        {diff.columns.map(({ name }) => (
          <label key={name} className="row w-full">
            <input
              type="checkbox"
              checked={keys.includes(name)}
              onChange={(event) =>
                onKeys(event.target.checked ? [...keys, name] : keys.filter((each) => each !== name))
              }
              className="accent-(--accent)"
            />
            <span className="truncate" title={name}>
              {name}
            </span>
          </label>
        ))}
      </fieldset>
    </Popover>
  );
}
