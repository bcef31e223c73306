import { Webhook } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { HookInfo } from '#shared/contract/hooks.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { listMove } from '#web/components/list-keys.ts';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { useCreateHook, useHooks, type CreatedHook } from '../api/hooks.ts';
import { eventsText } from '../model/hook-words.ts';
import { HookForm } from './hook-form.tsx';
import { HookInspector } from './hook-inspector.tsx';

interface HooksPageProps {
  /** Id of the hook that is looked at; kept in the URL. */
  readonly selected: string | undefined;
  readonly onSelect: (id: string | undefined) => void;
}

/** Who is asked before something happens to branches, and who is told after. */
export function HooksPage({ selected, onSelect }: HooksPageProps) {
  const hooks = useHooks();
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedHook | null>(null);
  const create = useCreateHook();
  const body = useRef<HTMLTableSectionElement>(null);
  useCommands(
    useMemo(
      () => [
        {
          id: 'hooks.new',
          title: 'New webhook…',
          group: 'Branches',
          icon: Webhook,
          shortcut: 'Alt+W',
          run: () => setCreating(true),
        },
      ],
      [],
    ),
  );
  const chosen = hooks.data?.find(({ id }) => id === selected);
  const make = (
    <Button look="primary" onClick={() => setCreating(true)} aria-keyshortcuts="Alt+W">
      <Webhook aria-hidden className="size-4" strokeWidth={1.75} />
      New webhook…
    </Button>
  );
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex shrink-0 items-center gap-3 px-4 pt-4 pb-3">
          <h1 className="text-base font-semibold">Hooks</h1>
          <p className="mr-auto min-w-0 truncate text-ink-3">
            Asked before something happens, and told after it has.
          </p>
          {make}
        </header>
        {hooks.isPending ? (
          <SkeletonTable rows={4} columns={4} />
        ) : hooks.isError ? (
          <ErrorState
            error={hooks.error}
            title="The hooks could not be read."
            onRetry={() => void hooks.refetch()}
          />
        ) : hooks.data.length === 0 ? (
          <EmptyState icon={Webhook} title="No webhook yet" action={make} className="flex-1">
            A webhook lets another system refuse a commit or merge with a reason, or hear of it: each message
            is signed, and sent again until it is taken.
          </EmptyState>
        ) : (
          <div className="@container min-h-0 flex-1 overflow-y-auto">
            <table aria-label="Webhooks" className="w-full table-fixed border-collapse">
              <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
                <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
                  <th scope="col" className="pl-4 @2xl:w-56">
                    Name
                  </th>
                  <th scope="col" className="hidden pl-4 @2xl:table-cell">
                    Address
                  </th>
                  <th scope="col" className="pl-4">
                    When
                  </th>
                  <th scope="col" className="w-32 pl-4">
                    Of
                  </th>
                  <th scope="col" className="w-20 pr-4 pl-4">
                    State
                  </th>
                </tr>
              </thead>
              <tbody ref={body}>
                {hooks.data.map((hook, at) => (
                  <HookRow
                    key={hook.id}
                    hook={hook}
                    selected={hook.id === selected}
                    onSelect={() => onSelect(hook.id === selected ? undefined : hook.id)}
                    onMove={(event) => {
                      const next = listMove(event, at, hooks.data.length);
                      if (next === null) return;
                      event.preventDefault();
                      body.current?.querySelectorAll<HTMLElement>('th button')[next]?.focus();
                    }}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      {chosen !== undefined && (
        <HookInspector key={chosen.id} hook={chosen} onClose={() => onSelect(undefined)} />
      )}
      <Dialog open={creating} onOpenChange={setCreating} title="New webhook" className="w-150">
        {creating && (
          <HookForm
            hook={undefined}
            pending={create.isPending}
            error={create.error}
            onSubmit={(request) =>
              create.mutate(request, {
                onSuccess: (made) => {
                  setCreating(false);
                  setCreated(made);
                  onSelect(made.id);
                },
              })
            }
          />
        )}
      </Dialog>
      <Dialog
        open={created !== null}
        onOpenChange={(open) => !open && setCreated(null)}
        title="The secret of the webhook"
        description="Whoever receives it computes the signature of each message with it. It is not shown again."
      >
        {created !== null && (
          <div className="flex flex-col items-start gap-4">
            <CopyText text={created.secret} what="secret" className="rounded-md bg-sunken px-2 py-1" />
            <Button look="primary" onClick={() => setCreated(null)}>
              I have kept it
            </Button>
          </div>
        )}
      </Dialog>
    </div>
  );
}

interface HookRowProps {
  readonly hook: HookInfo;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly onMove: (event: React.KeyboardEvent) => void;
}

function HookRow({ hook, selected, onSelect, onMove }: HookRowProps) {
  const { name, url, events, refPattern, active } = hook;
  return (
    <tr className={`relative h-7 border-b ${selected ? 'bg-selected' : 'hover:bg-hover'}`}>
      <th scope="row" className="truncate pl-4 text-left">
        <button
          type="button"
          aria-expanded={selected}
          title={name}
          onClick={onSelect}
          onKeyDown={onMove}
          className="max-w-full truncate rounded-sm align-bottom font-medium after:absolute after:inset-0"
        >
          {name}
        </button>
      </th>
      <td className="hidden truncate pl-4 font-mono text-xs text-ink-2 @2xl:table-cell" title={url}>
        {url}
      </td>
      <td className="truncate pl-4 text-ink-2" title={eventsText(events)}>
        {eventsText(events)}
      </td>
      <td className="truncate pl-4 text-ink-2" title={refPattern ?? undefined}>
        {refPattern ?? 'all'}
      </td>
      <td className="pr-4 pl-4">
        <Badge tone={active ? 'good' : 'neutral'}>{active ? 'on' : 'off'}</Badge>
      </td>
    </tr>
  );
}
