import { Pencil, Power, Send, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { HookInfo } from '#shared/contract/hooks.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useDeleteHook, useTestHook, useUpdateHook } from '../api/hooks.ts';
import { answerText, eventsText } from '../model/hook-words.ts';
import { DeliveryList } from './delivery-list.tsx';
import { HookForm } from './hook-form.tsx';

/** One webhook: what it is set to, trying it out, and what was sent. */
export function HookInspector({ hook, onClose }: { hook: HookInfo; onClose: () => void }) {
  const { id, name, active } = hook;
  const [asking, setAsking] = useState<'edit' | 'delete' | null>(null);
  const toast = useToast();
  const update = useUpdateHook();
  const remove = useDeleteHook();
  const test = useTestHook(id);
  const failed = (title: string) => (error: unknown) =>
    void toast({ title, description: errorMessage(error), tone: 'bad' });
  return (
    // Escape closes it from wherever in it the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      aria-label={`Webhook ${name}`}
      onKeyDown={(event) => event.key === 'Escape' && asking === null && onClose()}
      className="flex w-96 shrink-0 flex-col overflow-y-auto border-l"
    >
      <header className="flex items-start gap-2 py-3 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 text-base font-semibold break-words">{name}</h2>
        <IconButton icon={X} label="Close" shortcut="Esc" small onClick={onClose} />
      </header>
      <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1 px-4">
        <dt className="text-ink-3">Address</dt>
        <dd className="font-mono text-xs leading-5 break-all">{hook.url}</dd>
        <dt className="text-ink-3">When</dt>
        <dd>{eventsText(hook.events)}</dd>
        <dt className="text-ink-3">Of</dt>
        <dd className="break-words">{hook.refPattern ?? 'all branches and tags'}</dd>
        <dt className="text-ink-3">Time-out</dt>
        <dd>
          {hook.timeoutMs / 1000} s
          {hook.events.some((event) => event.startsWith('pre-')) &&
            (hook.onFailure === 'REFUSE' ? ', then refused' : ', then let happen')}
        </dd>
      </dl>
      <div className="flex flex-wrap gap-2 px-4 py-3">
        <Button
          small
          disabled={test.isPending}
          onClick={() =>
            test.mutate(undefined, {
              onSuccess: (sent) =>
                void toast({
                  title: sent.state === 'FAILED' ? 'The test was not taken.' : 'The test has arrived.',
                  description: answerText(sent),
                  ...(sent.state === 'FAILED' ? { tone: 'bad' } : {}),
                }),
              onError: failed('The test was not sent.'),
            })
          }
        >
          <Send aria-hidden className="size-3.5" strokeWidth={1.75} />
          {test.isPending ? 'Sending…' : 'Send a test'}
        </Button>
        <Button small onClick={() => setAsking('edit')}>
          <Pencil aria-hidden className="size-3.5" strokeWidth={1.75} />
          Edit…
        </Button>
        <Button
          small
          disabled={update.isPending}
          onClick={() =>
            update.mutate({ id, change: { active: !active } }, { onError: failed(`${name} is as it was.`) })
          }
        >
          <Power aria-hidden className="size-3.5" strokeWidth={1.75} />
          {active ? 'Switch off' : 'Switch on'}
        </Button>
        <Button small look="danger" onClick={() => setAsking('delete')}>
          <Trash2 aria-hidden className="size-3.5" strokeWidth={1.75} />
          Delete…
        </Button>
      </div>
      <DeliveryList id={id} />
      <Dialog
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={asking === 'delete' ? `Delete ${name}` : `Edit ${name}`}
        className={asking === 'delete' ? 'w-96' : 'w-150'}
      >
        {asking === 'edit' && (
          <HookForm
            hook={hook}
            pending={update.isPending}
            error={update.error}
            onSubmit={(change) => update.mutate({ id, change }, { onSuccess: () => setAsking(null) })}
          />
        )}
        {asking === 'delete' && (
          <div className="flex flex-col gap-3">
            <p className="text-ink-2">
              Its secret and the log of what was sent go with it. That can’t be undone; switching it off can.
            </p>
            <div className="flex justify-end gap-2">
              <Button onClick={() => setAsking(null)}>Cancel</Button>
              <Button
                look="danger"
                disabled={remove.isPending}
                onClick={() => {
                  // Without the hook this panel is gone, and with it the callbacks of a mutation: a promise stays.
                  void remove
                    .mutateAsync(id)
                    .then(
                      () => toast({ title: `The webhook ${name} is deleted.` }),
                      failed(`${name} was not deleted.`),
                    );
                }}
              >
                Delete
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </aside>
  );
}
