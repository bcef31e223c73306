import { BookMarked, Folder, Plus, Search } from 'lucide-react';
import { Fragment, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { SavedQuery } from '#shared/contract/saved-queries.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SearchField } from '#web/components/search-field.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { useToast } from '#web/components/toast.tsx';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { useDeleteSavedQuery, useKeepQuery, useSavedQueries } from '../api/saved-queries.ts';
import { byFolder, findQueries, type KindFilter } from '../model/find-queries.ts';
import { SaveQueryForm } from './save-query-form.tsx';
import { SavedQueryRow } from './saved-query-row.tsx';

interface SavedQueriesPageProps {
  /** What is searched for, and the query that is open; in the URL, which is how one is shared. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
  readonly onInsert: (query: SavedQuery) => void;
  /** The address that opens a query here. */
  readonly linkTo: (id: string) => string;
}

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'query', label: 'Queries' },
  { value: 'snippet', label: 'Snippets' },
] as const;

/** SQL under names: queries to be opened as cells, and snippets that editors offer. */
export function SavedQueriesPage(props: SavedQueriesPageProps) {
  const { search, onSearch, selected, onSelect, onInsert, linkTo } = props;
  const list = useSavedQueries();
  const toast = useToast();
  const { mutate: remove } = useDeleteSavedQuery();
  const { mutate: keep } = useKeepQuery();
  const [kind, setKind] = useState<KindFilter>('all');
  const [editing, setEditing] = useState<(Partial<SavedQuery> & Pick<SavedQuery, 'sql'>) | null>(null);
  const body = useRef<HTMLTableElement>(null);
  const found = useMemo(() => findQueries(list.data ?? [], search, kind), [list.data, search, kind]);
  const folders = useMemo(() => byFolder(found), [found]);
  const places = useMemo(() => folders.flatMap(({ queries }) => queries.map(({ id }) => id)), [folders]);

  const focusRow = (at: number) => body.current?.querySelectorAll<HTMLElement>('th button')[at]?.focus();
  const onRowKey = (event: KeyboardEvent, id: string) => {
    const next = listMove(event, places.indexOf(id), places.length);
    if (next === null) return;
    event.preventDefault();
    focusRow(next);
  };
  const copyLink = ({ id }: SavedQuery) =>
    void navigator.clipboard.writeText(linkTo(id)).then(
      () => toast({ title: 'The link is copied. It opens here for whoever is signed in.' }),
      () => toast({ title: 'The link was not copied: this browser does not allow it.', tone: 'bad' }),
    );
  const failed = (title: string) => (error: unknown) =>
    toast({ title, description: errorMessage(error), tone: 'bad' });
  const deleteOne = (query: SavedQuery) =>
    remove(query.id, {
      onError: failed('It was not deleted.'),
      onSuccess: () => {
        onSelect(undefined);
        const { kind: was, name, description, sql, folder, tags } = query;
        const content = {
          kind: was,
          name,
          description,
          sql,
          tags,
          ...(folder === undefined ? {} : { folder }),
        };
        toast({
          title: `“${name}” is deleted.`,
          action: {
            label: 'Undo',
            run: () => keep({ content }, { onError: failed('It did not come back.') }),
          },
        });
      },
    });
  const create = (
    <Button look="primary" onClick={() => setEditing({ sql: '' })}>
      <Plus aria-hidden className="size-4" strokeWidth={1.75} />
      New…
    </Button>
  );

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-3">
        <h1 className="text-base font-semibold">Saved queries</h1>
        <Segmented label="Which are listed" value={kind} onChange={setKind} options={KINDS} />
        <span role="status" className="mr-auto min-w-0 truncate text-ink-3">
          {list.isSuccess && list.data.length > 0 && `${formatInteger(found.length)} saved`}
        </span>
        <SearchField
          label="Find a saved query"
          placeholder="Name, tag or words of the SQL…"
          value={search}
          onChange={onSearch}
          onEnterList={() => focusRow(0)}
          className="w-64"
        />
        {list.data?.length !== 0 && create}
      </header>
      {list.isPending ? (
        <SkeletonTable rows={6} columns={4} rowHeight={32} />
      ) : list.isError ? (
        <ErrorState
          error={list.error}
          title="The saved queries could not be read."
          onRetry={() => void list.refetch()}
        />
      ) : list.data.length === 0 ? (
        <EmptyState icon={BookMarked} title="Nothing is saved yet" action={create} className="flex-1">
          Keep a query under a name, or a snippet that editors offer as you type. A cell is saved by the
          bookmark among its actions.
        </EmptyState>
      ) : found.length === 0 ? (
        <EmptyState
          icon={Search}
          title="None matches"
          action={
            <Button
              onClick={() => {
                onSearch('');
                setKind('all');
              }}
            >
              Show all
            </Button>
          }
          className="flex-1"
        >
          No name, tag, folder or SQL of these has all the words.
        </EmptyState>
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <table ref={body} aria-label="Saved queries" className="w-full table-fixed border-collapse">
            <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
              <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                <th scope="col" className="pl-8">
                  Name
                </th>
                <th scope="col" className="w-24 pl-4">
                  Kind
                </th>
                <th scope="col" className="w-44 pl-4">
                  Tags
                </th>
                <th scope="col" className="w-32 pl-4">
                  Owner
                </th>
                <th scope="col" className="w-36 pr-4 pl-4">
                  Changed
                </th>
              </tr>
            </thead>
            <tbody>
              {folders.map(({ folder, queries }) => (
                <Fragment key={folder}>
                  {folder !== '' && (
                    <tr className="h-8 border-b">
                      <td colSpan={5} className="pl-3 text-xs text-ink-3">
                        <span className="inline-flex items-center gap-2">
                          <Folder aria-hidden className="size-3.5" strokeWidth={1.75} />
                          {folder}
                        </span>
                      </td>
                    </tr>
                  )}
                  {queries.map((query) => (
                    <SavedQueryRow
                      key={query.id}
                      query={query}
                      open={query.id === selected}
                      onToggle={() => onSelect(query.id === selected ? undefined : query.id)}
                      onKeyDown={(event) => onRowKey(event, query.id)}
                      onInsert={onInsert}
                      onEdit={setEditing}
                      onCopyLink={copyLink}
                      onDelete={deleteOne}
                    />
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Dialog
        open={editing !== null}
        onOpenChange={(open) => !open && setEditing(null)}
        title={editing?.id === undefined ? 'Save a query or snippet' : 'Edit'}
      >
        {editing !== null && (
          <SaveQueryForm
            from={editing}
            onSaved={({ id }) => {
              setEditing(null);
              onSelect(id);
            }}
          />
        )}
      </Dialog>
    </div>
  );
}
