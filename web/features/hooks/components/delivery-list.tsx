import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { HookDelivery } from '#shared/contract/hooks.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useDeliveries } from '../api/hooks.ts';
import { DELIVERY_STATES, answerText, eventsText, prettyBody } from '../model/hook-words.ts';

/** What was sent to a webhook and what came back, newest first. */
export function DeliveryList({ id }: { id: string }) {
  const deliveries = useDeliveries(id);
  const [open, setOpen] = useState<string | null>(null);
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section aria-label="Deliveries" className="border-t px-4 py-3">
      <h3 className="mb-1 text-xs text-ink-3">What was sent</h3>
      {deliveries.isPending ? (
        <SkeletonRows count={3} />
      ) : deliveries.isError ? (
        <ErrorState
          error={deliveries.error}
          title="The deliveries could not be read."
          onRetry={() => void deliveries.refetch()}
          className="px-0"
        />
      ) : all.length === 0 ? (
        <p className="py-1 text-ink-2">Nothing yet. Send a test, or wait until something happens.</p>
      ) : (
        <ul>
          {all.map((delivery) => (
            <Delivery
              key={delivery.id}
              delivery={delivery}
              open={open === delivery.id}
              onToggle={() => setOpen(open === delivery.id ? null : delivery.id)}
            />
          ))}
        </ul>
      )}
      {deliveries.hasNextPage && (
        <Button
          small
          className="mt-2"
          disabled={deliveries.isFetchingNextPage}
          onClick={() => void deliveries.fetchNextPage()}
        >
          {deliveries.isFetchingNextPage ? 'Loading…' : 'Show older ones'}
        </Button>
      )}
    </section>
  );
}

interface DeliveryProps {
  readonly delivery: HookDelivery;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Delivery({ delivery, open, onToggle }: DeliveryProps) {
  const { event, state, attempts, createdAt, body, dueAt } = delivery;
  const { word, tone } = DELIVERY_STATES[state];
  return (
    <li className="border-b py-1 last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex h-6 w-full items-center gap-2 rounded-sm text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <span className="min-w-0 flex-1 truncate">{eventsText([event])}</span>
        <Badge tone={tone}>{word}</Badge>
        <RelativeTime time={createdAt} className="w-24 shrink-0 truncate text-right text-xs text-ink-3" />
      </button>
      {open && (
        <div className="pb-1 pl-5">
          <p className="break-words text-ink-2">
            {answerText(delivery)} {countOf(attempts, 'attempt')}
            {dueAt === null ? '.' : ', the next '}
            {dueAt !== null && <RelativeTime time={dueAt} />}
          </p>
          <pre
            // A long line is reached by the keyboard too.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            aria-label="Body that was sent"
            className="mt-1 max-h-64 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap"
          >
            {prettyBody(body)}
          </pre>
        </div>
      )}
    </li>
  );
}
