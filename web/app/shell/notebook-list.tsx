import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { CloudAlert, Copy, Ellipsis, FileText, Folder, Plus, Trash2 } from 'lucide-react';
import { Fragment, useMemo, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { useToast } from '#web/components/toast.tsx';
import { NOT_MADE } from '#web/features/notebook/model/drafts.ts';
import { titleOf } from '#web/features/notebook/model/free-title.ts';
import { tellApart } from '#web/features/notebook/model/notebook-order.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { exactInstant } from '#web/lib/format/instants.ts';
import { withWords } from '#web/lib/words.ts';
import { useAllNotebooks } from '../all-notebooks.ts';
import { useNotebookActions } from '../notebook-actions.ts';
import { ImportNotebook } from './import-notebook.tsx';
import { PanelSection } from './panel-section.tsx';

/** So many are found at a glance. */
const FEW = 8;

/** The notebooks whose title or folder has the words, by their folders: those in none first. */
function foldersOf(notebooks: readonly NotebookSummary[], wanted: string) {
  const isWanted = withWords(wanted);
  const found = notebooks.filter(({ title, folder = '' }) => isWanted(`${folder}/${title}`));
  const folders = [...new Set(found.map(({ folder = '' }) => folder))].sort((a, b) => a.localeCompare(b));
  return folders.map((folder) => ({
    folder,
    notebooks: found.filter((each) => (each.folder ?? '') === folder),
  }));
}

/** Of all folders at once, as the palette has them. */
function withMarks(notebooks: readonly NotebookSummary[]) {
  const marks = tellApart(notebooks);
  return notebooks.map((each) => ({ ...each, mark: marks.get(each.id) }));
}

export function NotebookList() {
  const notebooks = useAllNotebooks();
  const { create } = useNotebookActions();
  const navigate = useNavigate();
  const list = notebooks.all;
  const [wanted, setWanted] = useState('');
  const marks = useMemo(() => tellApart(list ?? [], { within: true }), [list]);

  useCommands(
    useMemo(
      () => [
        {
          id: 'notebook.new',
          title: 'New notebook',
          group: 'Notebooks',
          icon: Plus,
          shortcut: 'Alt+C',
          run: create,
        },
        ...withMarks(list ?? []).map(({ mark, ...each }) => ({
          id: `notebook.open.${each.id}`,
          title: mark === undefined ? titleOf(each.title) : `${titleOf(each.title)} – ${mark}`,
          group: 'Notebooks',
          icon: FileText,
          run: () => void navigate({ to: '/notebooks/$id', params: { id: each.id } }),
        })),
      ],
      [create, list, navigate],
    ),
  );

  return (
    <PanelSection
      title="Notebooks"
      note={list === undefined ? undefined : String(list.length)}
      className="flex max-h-[60%] shrink-0 flex-col border-b pb-2"
      actions={
        <>
          <ImportNotebook />
          <IconButton icon={Plus} label="New notebook" shortcut="Alt+C" small onClick={create} />
        </>
      }
    >
      {list === undefined ? (
        notebooks.isError ? (
          <ErrorState
            error={notebooks.error}
            title="The notebooks could not be read."
            onRetry={() => void notebooks.refetch()}
          />
        ) : (
          <SkeletonRows count={3} className="px-2" />
        )
      ) : list.length === 0 ? (
        <p className="px-4 pb-2 text-ink-2">No notebook yet. Make one with the plus above.</p>
      ) : (
        <>
          {list.length > FEW && (
            <SearchField
              label="Find notebooks"
              placeholder="Find notebooks"
              value={wanted}
              onChange={setWanted}
              className="mx-2 mb-1"
            />
          )}
          <ul className="min-h-0 overflow-y-auto px-2">
            {foldersOf(list, wanted).map(({ folder, notebooks: inside }) => (
              <Fragment key={folder}>
                {folder !== '' && (
                  <li className="flex h-7 items-center gap-2 px-2 text-xs text-ink-3">
                    <Folder aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
                    <span className="truncate">{folder}</span>
                  </li>
                )}
                {inside.map((each) => (
                  <NotebookRow key={each.id} notebook={each} mark={marks.get(each.id)} />
                ))}
              </Fragment>
            ))}
          </ul>
        </>
      )}
    </PanelSection>
  );
}

interface NotebookRowProps {
  readonly notebook: NotebookSummary;
  /** What tells it from others that are called so too. */
  readonly mark: string | undefined;
}

function NotebookRow({ notebook, mark }: NotebookRowProps) {
  const { duplicate, remove } = useNotebookActions();
  const toast = useToast();
  const { id: current } = useParams({ strict: false });
  const title = titleOf(notebook.title);
  const waits = notebook.version === NOT_MADE;
  const Icon = waits ? CloudAlert : FileText;
  const failed = (what: string) => (error: unknown) =>
    toast({ title: what, description: errorMessage(error), tone: 'bad' });
  return (
    <li className="group relative">
      <Link
        to="/notebooks/$id"
        params={{ id: notebook.id }}
        aria-current={current === notebook.id ? 'page' : undefined}
        title={
          waits
            ? `${title}\nIn this browser alone, until the server answers`
            : `${title}\nChanged ${exactInstant(notebook.updatedAt)}`
        }
        className="row pr-8"
      >
        <Icon
          aria-hidden
          className={cn('size-4 shrink-0', waits ? 'text-warn' : 'text-ink-3')}
          strokeWidth={1.75}
        />
        <span className="truncate">{title}</span>
        {mark !== undefined && (
          <span className="ml-auto max-w-1/2 min-w-12 shrink-2 truncate text-xs text-ink-3" title={mark}>
            {mark}
          </span>
        )}
        {waits && <span className="sr-only">(not saved on the server yet)</span>}
      </Link>
      <span className="absolute top-0.5 right-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100">
        <Menu align="end" trigger={<IconButton icon={Ellipsis} label={`Actions for ${title}`} small />}>
          <MenuItem
            icon={Copy}
            onSelect={() => void duplicate(notebook.id).catch(failed('The notebook was not copied.'))}
          >
            Duplicate
          </MenuItem>
          <MenuItem
            icon={Trash2}
            danger
            onSelect={() => void remove(notebook.id).catch(failed('The notebook was not deleted.'))}
          >
            Delete
          </MenuItem>
        </Menu>
      </span>
    </li>
  );
}
