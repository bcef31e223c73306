import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowRight, FilePlus2, Plus, Search } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { titleOf } from '../model/free-title.ts';
import { orderedNotebooks, type NotebookOrder } from '../model/notebook-order.ts';
import { FolderForm } from './folder-form.tsx';
import { NotebookRow } from './notebook-row.tsx';

interface NotebooksPageProps {
  readonly notebooks: readonly NotebookSummary[];
  /** The one that was open last. */
  readonly last: NotebookSummary | undefined;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly order: NotebookOrder;
  readonly onOrder: (order: NotebookOrder) => void;
  readonly onNew: () => void;
  readonly onDuplicate: (id: string) => void;
  readonly onMove: (id: string, folder: string | undefined) => void;
  readonly onDelete: (id: string) => void;
}

const COLUMNS: readonly { readonly order: NotebookOrder; readonly label: string; readonly look: string }[] = [
  { order: 'name', label: 'Notebook', look: 'pl-4' },
  { order: 'folder', label: 'Folder', look: 'w-36 pl-3' },
  { order: 'cells', label: 'Cells', look: 'w-18 pl-3 text-right' },
  { order: 'changed', label: 'Changed', look: 'w-32 pl-3' },
];

/** All notebooks: what they are called, how they begin, who changed them and when. */
export function NotebooksPage(props: NotebooksPageProps) {
  const { notebooks, last, search, onSearch, order, onOrder, onNew } = props;
  const shown = orderedNotebooks(notebooks, search, order);
  const [moving, setMoving] = useState<NotebookSummary | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const focusRow = (at: number) => body.current?.querySelectorAll<HTMLElement>('th a')[at]?.focus();
  const onRowKey = (event: KeyboardEvent, at: number) => {
    const next = listMove(event, at, shown.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(next);
  };
  const add = (
    <Button look="primary" onClick={onNew}>
      <Plus aria-hidden className="size-4" strokeWidth={2} />
      New
    </Button>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-3">
        <h1 className="text-base font-semibold">Notebooks</h1>
        <span role="status" className="text-ink-3">
          {notebooks.length > 0 && countOf(shown.length, 'notebook')}
        </span>
        {last !== undefined && (
          <Link
            to="/notebooks/$id"
            params={{ id: last.id }}
            className="flex min-w-0 items-center gap-1 rounded-sm text-accent-text hover:underline"
          >
            <span className="max-w-72 truncate">Go on with {titleOf(last.title)}</span>
            <ArrowRight aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          </Link>
        )}
        <span className="mr-auto" />
        {notebooks.length > 0 && (
          <SearchField
            label="Search notebooks"
            placeholder="Title, folder, person, words…"
            value={search}
            onChange={onSearch}
            onEnterList={() => focusRow(0)}
            className="w-64"
          />
        )}
        {notebooks.length > 0 && add}
      </header>
      {notebooks.length === 0 ? (
        <EmptyState icon={FilePlus2} title="No notebook yet" className="flex-1" action={add}>
          A notebook holds SQL and text. Its queries run in this tab, on any branch and at any time of the
          lakehouse.
        </EmptyState>
      ) : shown.length === 0 ? (
        <EmptyState
          icon={Search}
          title="No notebook matches"
          className="flex-1"
          action={<Button onClick={() => onSearch('')}>Show all</Button>}
        >
          Each word has to be in the title, the folder, the name of who changed it last, or its first lines.
        </EmptyState>
      ) : (
        <div className="@container min-h-0 flex-1 overflow-y-auto">
          <table aria-label="All notebooks" className="w-full table-fixed border-collapse">
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                {COLUMNS.map(({ order: each, label, look }) => (
                  <th
                    key={each}
                    scope="col"
                    aria-sort={
                      each !== order
                        ? undefined
                        : each === 'name' || each === 'folder'
                          ? 'ascending'
                          : 'descending'
                    }
                    className={cn(look, each === 'folder' && '@max-3xl:hidden')}
                  >
                    <button
                      type="button"
                      onClick={() => onOrder(each)}
                      className="inline-flex items-center gap-1 rounded-sm hover:text-ink"
                    >
                      {label}
                      {each === order && <ArrowDown aria-hidden className="size-3" strokeWidth={2} />}
                    </button>
                  </th>
                ))}
                <th scope="col" className="w-32 pl-3 @max-4xl:hidden">
                  By
                </th>
                <th scope="col" className="w-11">
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody ref={body}>
              {shown.map((each, at) => (
                <NotebookRow
                  key={each.id}
                  notebook={each}
                  onKeyDown={(event) => onRowKey(event, at)}
                  onDuplicate={() => props.onDuplicate(each.id)}
                  onMove={() => setMoving(each)}
                  onDelete={() => props.onDelete(each.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Dialog
        open={moving !== null}
        onOpenChange={(open) => !open && setMoving(null)}
        title={`Move ${moving === null ? '' : titleOf(moving.title)} to a folder`}
        className="w-96"
      >
        <FolderForm
          folder={moving?.folder}
          folders={[...new Set(notebooks.flatMap(({ folder }) => folder ?? []))]}
          onMove={(folder) => {
            if (moving !== null) props.onMove(moving.id, folder);
            setMoving(null);
          }}
        />
      </Dialog>
    </div>
  );
}
