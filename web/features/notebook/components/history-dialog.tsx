import { useQueryClient } from '@tanstack/react-query';
import { Bookmark } from 'lucide-react';
import { useRef, useState } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { compareNotebooks, type CellChange } from '#shared/notebook/compare.ts';
import { givenName } from '#shared/notebook/named-cells.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { ClockTime } from '#web/components/clock-time.tsx';
import { SearchField } from '#web/components/search-field.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { useToast } from '#web/components/toast.tsx';
import { cn } from '#web/lib/class-names.ts';
import { formatInstant } from '#web/lib/format/instants.ts';
import { getNotebook } from '../api/get-notebook.ts';
import { restoreRevision, revisionsQuery, useRevision, useRevisions } from '../api/notebook-history.ts';
import { noteSaved } from '../api/save-notebook.ts';
import { changeWords } from '../model/change-words.ts';
import { CELL_KINDS } from '../model/cell-kinds.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';
import { VersionName } from './version-name.tsx';

interface HistoryDialogProps {
  readonly store: NotebookStore;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Where the keyboard goes on after nothing was restored. */
  readonly returnTo: () => HTMLElement | null;
}

/** What the notebook was, how it differs from what it is, and the way back. */
export function HistoryDialog({ store, open, onOpenChange, returnTo }: HistoryDialogProps) {
  const isRestored = useRef(false);
  const goOn = () => {
    const place = isRestored.current ? shownCell() : null;
    isRestored.current = false;
    return place ?? returnTo();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      returnTo={goOn}
      title="Versions of this notebook"
      className="top-[6vh] max-h-[88vh] w-[1040px]"
    >
      {open && (
        <Versions
          store={store}
          onRestored={() => {
            isRestored.current = true;
            onOpenChange(false);
          }}
        />
      )}
    </Dialog>
  );
}

/** The selected cell, or the first: a key of cells takes back what was restored. */
function shownCell(): HTMLElement | null {
  const cell = '[data-notebook] [data-cell]';
  return document.querySelector<HTMLElement>(`${cell}[tabindex="0"]`) ?? document.querySelector(cell);
}

function Versions({ store, onRestored }: { store: NotebookStore; onRestored: () => void }) {
  const revisions = useRevisions(store.id);
  const [chosen, choose] = useState<number | undefined>(undefined);
  const [wanted, setWanted] = useState('');
  const version = chosen ?? revisions.data?.[1]?.version ?? revisions.data?.[0]?.version;
  if (revisions.isPending) return <SkeletonRows count={6} />;
  if (revisions.isError)
    return (
      <ErrorState
        error={revisions.error}
        title="The versions could not be read."
        onRetry={() => void revisions.refetch()}
      />
    );
  const words = wanted.trim().toLowerCase();
  const shown = revisions.data.filter(({ name = '', title, note = '' }) =>
    `${name} ${title} ${note}`.toLowerCase().includes(words),
  );
  return (
    <div className="flex gap-4">
      <div className="flex w-64 shrink-0 flex-col">
        <SearchField
          label="Find a version"
          placeholder="Find by name or title"
          value={wanted}
          onChange={setWanted}
          className="mb-2"
        />
        <ul aria-label="Versions" className="max-h-[66vh] min-h-0 overflow-y-auto">
          {shown.map((each) => (
            <li key={each.version}>
              <button
                type="button"
                aria-pressed={each.version === version}
                onClick={() => choose(each.version)}
                className="row h-auto w-full flex-col items-start gap-0 py-1.5 text-left aria-pressed:bg-selected"
              >
                {each.name !== undefined && (
                  <span className="flex w-full items-center gap-1.5 font-medium">
                    <Bookmark aria-hidden className="size-3.5 shrink-0 text-accent-text" strokeWidth={2} />
                    <span className="truncate" title={each.name}>
                      {each.name}
                    </span>
                  </span>
                )}
                <span className="flex w-full items-baseline gap-2">
                  <ClockTime time={each.savedAt} className="shrink-0 tabular-nums" />
                  {each.version === revisions.data[0]?.version && (
                    <span className="text-xs text-ink-3">now</span>
                  )}
                  <span className="ml-auto truncate text-xs text-ink-3" title={each.author}>
                    {each.author}
                  </span>
                </span>
                <span className="text-xs text-ink-2">{changeWords(each)}</span>
                {each.note !== undefined && <span className="text-xs text-ink-2">{each.note}</span>}
              </button>
            </li>
          ))}
          {shown.length === 0 && <li className="px-2 py-1 text-ink-3">No version is called so.</li>}
        </ul>
      </div>
      <div className="min-w-0 flex-1">
        {version !== undefined && (
          <>
            <VersionName
              key={version}
              notebook={store.id}
              version={version}
              name={revisions.data.find((each) => each.version === version)?.name}
            />
            <Difference store={store} version={version} onRestored={onRestored} />
          </>
        )}
      </div>
    </div>
  );
}

function Difference({
  store,
  version,
  onRestored,
}: {
  store: NotebookStore;
  version: number;
  onRestored: () => void;
}) {
  const revision = useRevision(store.id, version);
  const document = useDocument(store);
  const client = useQueryClient();
  const toast = useToast();
  if (revision.isPending) return <SkeletonRows count={8} />;
  if (revision.isError)
    return (
      <ErrorState
        error={revision.error}
        title="That version could not be read."
        onRetry={() => void revision.refetch()}
      />
    );
  const { content, name, savedAt } = revision.data;
  const changes = compareNotebooks(content, document);
  const restore = async () => {
    await store.flush();
    // What others saved since is what is taken back to.
    store.adopt(await getNotebook(store.id), { byOthers: true });
    const state = store.saveState();
    if (state.kind === 'offline' || state.kind === 'failed') throw state.error;
    const saved = await restoreRevision(store.id, version, store.version);
    const takeBack = store.takeRestored(saved);
    offerBack(`“${name ?? formatInstant(savedAt)}” is restored.`, takeBack);
    await noteSaved(client, saved);
    await client.invalidateQueries({ queryKey: revisionsQuery(store.id).queryKey });
    onRestored();
  };
  /** Until anything else is done to the notebook. */
  const offerBack = (title: string, takeBack: () => void) => {
    const restored = store.document();
    const dismiss = toast({ title, action: { label: 'Undo', run: takeBack } });
    const unsubscribe = store.subscribe(() => {
      if (store.document() === restored) return;
      unsubscribe();
      dismiss();
    });
  };
  return (
    <>
      <div className="mb-2 flex items-center gap-3">
        <p className="min-w-0 flex-1 truncate text-ink-2">“{content.title}”. What was changed since then:</p>
        <Button
          disabled={changes.length === 0 && content.title === document.title}
          onClick={() =>
            void restore().catch((error: unknown) =>
              toast({
                title: 'The version was not restored.',
                description: errorMessage(error),
                tone: 'bad',
              }),
            )
          }
        >
          Restore this version
        </Button>
      </div>
      {changes.length === 0 && content.title === document.title ? (
        <p className="text-ink-3">It is as it is now.</p>
      ) : (
        <ul aria-label="Changes since then" className="flex flex-col gap-3">
          {content.title !== document.title && (
            <li className="overflow-clip rounded-md border">
              <p className="flex items-center gap-2 px-2 py-1 text-xs">
                <Badge tone="accent">changed</Badge> Title
              </p>
              <pre className="overflow-x-auto border-t font-mono text-xs leading-5">
                <Line mark="-" text={content.title} />
                <Line mark="+" text={document.title} />
              </pre>
            </li>
          )}
          {changes.map((change) => (
            <ChangeView key={change.cell.id} change={change} />
          ))}
        </ul>
      )}
    </>
  );
}

const TONES = { added: 'good', removed: 'bad', changed: 'accent', moved: 'neutral' } as const;

function ChangeView({ change }: { change: CellChange }) {
  const { kind, cell, lines } = change;
  const name = givenName(cell);
  return (
    <li className="overflow-clip rounded-md border">
      <p className="flex items-center gap-2 px-2 py-1 text-xs">
        <Badge tone={TONES[kind]}>{kind}</Badge>
        <span className="font-mono">{name ?? CELL_KINDS[cell.kind]}</span>
      </p>
      {lines.length > 0 && (
        <pre className="overflow-x-auto border-t font-mono text-xs leading-5">
          {lines.flatMap(({ same, before, after }, chunk) =>
            same
              ? after.map((line, at) => <Line key={`${chunk}=${at}`} mark=" " text={line} />)
              : [
                  ...before.map((line, at) => <Line key={`${chunk}-${at}`} mark="-" text={line} />),
                  ...after.map((line, at) => <Line key={`${chunk}+${at}`} mark="+" text={line} />),
                ],
          )}
        </pre>
      )}
    </li>
  );
}

function Line({ mark, text }: { mark: ' ' | '-' | '+'; text: string }) {
  return (
    <span
      className={cn(
        'block px-2',
        mark === '-' && 'bg-bad-soft text-bad',
        mark === '+' && 'bg-good-soft text-good',
      )}
    >
      {mark} {text}
    </span>
  );
}
