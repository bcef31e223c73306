import { useLocation, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import type { Notebook } from '#shared/contract/notebooks.ts';
import type { TableList } from '#shared/contract/tables.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { useNotebook } from '#web/features/notebook/api/get-notebook.ts';
import { useFunctions } from '#web/features/notebook/api/list-functions.ts';
import { NotebookPage } from '#web/features/notebook/components/notebook-page.tsx';
import { NotebookSkeleton } from '#web/features/notebook/components/notebook-skeleton.tsx';
import type { CompletionTable } from '#web/features/notebook/language/language-facts.ts';
import { SqlLanguageProvider, type SqlLanguage } from '#web/features/notebook/language/sql-language.ts';
import { NOT_MADE } from '#web/features/notebook/model/drafts.ts';
import { useNotebookStores } from '#web/features/notebook/model/notebook-stores.ts';
import { useSavedQueries } from '#web/features/saved-queries/api/saved-queries.ts';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { rememberNotebook } from '../last-notebook.ts';
import { useNotebookActions } from '../notebook-actions.ts';
import { querySession } from '../query-session.ts';
import { cellSlots } from './cell-slots.tsx';
import { NotFoundPage } from './not-found-page.tsx';

export function NotebookRoute() {
  const { id } = useParams({ from: '/notebooks/$id' });
  const notebook = useNotebook(id);
  const stores = useNotebookStores();
  const known = useDraft(id);
  const kept = known && notebook.data === undefined ? stores.kept(id) : null;
  // What this browser alone has needs no answer; nor does a draft of what can't be read.
  const opened = notebook.data ?? (kept?.version === NOT_MADE || notebook.isError ? kept : null);
  if (known && opened !== null) return <OpenNotebook key={id} notebook={opened} reload={notebook.refetch} />;
  if (!known || notebook.isPending) return <NotebookSkeleton />;
  if (isAppError(notebook.error, 'NOT_FOUND'))
    return (
      <NotFoundPage title="There is no notebook at this address">
        It may have been deleted, or the address is cut short: no notebook is called{' '}
        <span className="font-mono text-xs break-all">{id.slice(0, 80)}</span>.
      </NotFoundPage>
    );
  return (
    <ErrorState
      error={notebook.error}
      title="The notebook could not be read."
      onRetry={() => void notebook.refetch()}
    />
  );
}

/** Whether it is known what of the notebook this browser keeps that the server does not have. */
function useDraft(id: string): boolean {
  const stores = useNotebookStores();
  const [known, setKnown] = useState<string | null>(null);
  useEffect(() => {
    void stores.prepare(id).then(() => setKnown(id));
  }, [stores, id]);
  return known === id;
}

interface OpenNotebookProps {
  readonly notebook: Notebook;
  readonly reload: () => Promise<unknown>;
}

function OpenNotebook({ notebook, reload }: OpenNotebookProps) {
  const stores = useNotebookStores();
  const store = stores.open(notebook);
  const { id } = notebook;
  const { expression } = useCurrentRef();
  const list = useTables(expression).data;
  const tables = useMemo(() => (list === undefined ? NO_TABLES : namedIn(list)), [list]);
  const { cell } = useSearch({ from: '/notebooks/$id' });
  const shown = useLocation({ select: ({ state }) => state.shownCell });
  const navigate = useNavigate();
  const router = useRouter();
  const toast = useToast();
  const { createBeside, duplicate, remove } = useNotebookActions();
  const language = useLanguage();
  const [opened, reopen] = useReducer((times: number) => times + 1, 0);

  useEffect(() => rememberNotebook(id), [id]);
  useEffect(() => store.adopt(notebook, { byOthers: true }), [store, notebook]);
  const onSelect = useCallback(
    (cellId: string | null) => {
      const search = (before: { ref?: string | undefined; cell?: string | undefined }) => ({
        ...before,
        cell: cellId ?? undefined,
      });
      // Whoever is leaving for another page is not to be sent to a notebook that has no id.
      if (router.latestLocation.pathname !== `/notebooks/${id}`) return;
      void navigate({ from: '/notebooks/$id', search, replace: true, state: true });
    },
    [navigate, router, id],
  );
  const orSay = (title: string, doing: Promise<unknown>) => {
    doing.catch((error: unknown) => toast({ title, description: errorMessage(error), tone: 'bad' }));
  };

  return (
    <SqlLanguageProvider value={language}>
      <NotebookPage
        // A cell that came from elsewhere is shown, also while its notebook is open already.
        key={`${opened} ${shown ?? ''}`}
        store={store}
        notebookRef={expression}
        tables={tables}
        slots={cellSlots}
        initialCell={cell}
        onSelect={onSelect}
        onDuplicate={() => orSay('The notebook was not copied.', duplicate(id))}
        onDelete={() => orSay('The notebook was not deleted.', remove(id))}
        onReload={() => {
          const takeTheirs = async () => {
            await reload();
            stores.drop(id);
            reopen();
          };
          orSay('The notebook could not be read.', takeTheirs());
        }}
        onSaveCopy={() => {
          const { title, cells } = store.document();
          const copy = createBeside({ title: `${title} (mine)`.slice(0, 200), cells });
          orSay(
            'The copy was not saved.',
            copy.then(() => stores.drop(id)),
          );
        }}
      />
    </SqlLanguageProvider>
  );
}

/** What editors may name beside the tables: functions, branches and tags; and the way to a table's page. */
function useLanguage(): SqlLanguage {
  const functions = useFunctions().data;
  const refs = useRefs().data;
  const saved = useSavedQueries().data;
  const navigate = useNavigate();
  return useMemo(
    () => ({
      functions: functions ?? [],
      refs: (refs?.refs ?? []).map(({ name, type }) => ({ name, kind: type === 'TAG' ? 'tag' : 'branch' })),
      snippets: (saved ?? []).filter(({ kind }) => kind === 'snippet'),
      session: querySession(),
      openTable: (table) => void navigate({ to: '/catalog/$table', params: { table } }),
    }),
    [functions, refs, saved, navigate],
  );
}

const NO_TABLES: readonly never[] = [];

/** Tables, and views as if they were. */
function namedIn({ tables, views }: TableList): readonly CompletionTable[] {
  return [...tables, ...views.map((view) => ({ ...view, rows: '0', view: true as const }))];
}
