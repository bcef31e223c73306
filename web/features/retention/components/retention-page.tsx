import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { RetentionPolicy } from '#shared/contract/gc.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useRetention, useSetRetention } from '../api/retention.ts';
import { draftOf, policyOf, ruleProblem, type RuleDraft } from '../model/policy-draft.ts';
import { CollectPanel } from './collect-panel.tsx';

/** How much of history is kept, by branch and by namespace, and letting go of the rest. */
export function RetentionPage() {
  const policy = useRetention();
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="shrink-0 px-4 pt-4 pb-3">
        <h1 className="text-base font-semibold">Retention</h1>
        <p className="max-w-180 text-ink-2">
          How much of history branches keep. What the newest commit of a branch shows, what a tag or an open
          merge request shows, and what both sides of a merge to come need, is kept whatever the rules say.
        </p>
      </header>
      {policy.isPending ? (
        <SkeletonRows count={4} className="p-2" />
      ) : policy.isError ? (
        <ErrorState
          error={policy.error}
          title="The rules could not be read."
          onRetry={() => void policy.refetch()}
        />
      ) : (
        <Rules key={JSON.stringify(policy.data)} policy={policy.data} />
      )}
    </div>
  );
}

function Rules({ policy }: { policy: RetentionPolicy }) {
  const [drafts, setDrafts] = useState<readonly RuleDraft[]>(() => draftOf(policy));
  const [tried, setTried] = useState(false);
  const toast = useToast();
  const { mutate: save, isPending } = useSetRetention();
  const next = policyOf(drafts);
  const dirty = JSON.stringify(next) !== JSON.stringify(policyOf(draftOf(policy)));
  const put = (saved: RetentionPolicy, title: string, undoable: boolean) =>
    save(saved, {
      onSuccess: () =>
        void toast({
          title,
          ...(undoable
            ? { action: { label: 'Undo', run: () => put(policy, 'The rules are as they were.', false) } }
            : {}),
        }),
      onError: (error) =>
        void toast({ title: 'The rules are as they were.', description: errorMessage(error), tone: 'bad' }),
    });
  const add = (of: RuleDraft['of']) =>
    setDrafts([
      ...drafts,
      { id: Math.max(-1, ...drafts.map(({ id }) => id)) + 1, of, name: '', days: '30', last: '' },
    ]);
  const change = (id: number, more: Partial<RuleDraft>) =>
    setDrafts(drafts.map((draft) => (draft.id === id ? { ...draft, ...more } : draft)));
  const ordered = ORDER.flatMap((of) => drafts.filter((draft) => draft.of === of));
  return (
    <>
      <form
        className="shrink-0 px-4 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (next !== null) put(next, 'The rules are saved.', true);
        }}
      >
        {drafts.length === 0 ? (
          <p className="py-2 text-ink-2">There is no rule: every commit of every branch is kept.</p>
        ) : (
          <table aria-label="Rules" className="w-full max-w-200 table-fixed border-collapse">
            <thead>
              <tr className="h-8 border-b text-left text-xs text-ink-3 *:font-normal">
                <th scope="col">For</th>
                <th scope="col" className="w-36 pl-3">
                  Keep for days
                </th>
                <th scope="col" className="w-36 pl-3">
                  Keep newest commits
                </th>
                <th scope="col" className="w-10">
                  <span className="sr-only">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {ordered.map((draft) => (
                <RuleRow
                  key={draft.id}
                  draft={draft}
                  tried={tried}
                  onChange={(more) => change(draft.id, more)}
                  onRemove={() => setDrafts(drafts.filter(({ id }) => id !== draft.id))}
                />
              ))}
            </tbody>
          </table>
        )}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button look="primary" type="submit" disabled={!dirty || isPending}>
            {isPending ? 'Saving…' : 'Save rules'}
          </Button>
          {(['default', 'branch', 'namespace'] as const).map((of) => (
            <Button
              key={of}
              disabled={of === 'default' && drafts.some((draft) => draft.of === 'default')}
              onClick={() => add(of)}
            >
              <Plus aria-hidden className="size-4" strokeWidth={1.75} />
              {ADD[of]}
            </Button>
          ))}
        </div>
        <p className="mt-2 max-w-180 text-xs text-ink-3">
          Where several rules apply, what one of them keeps is kept. The rule for all else applies where no
          other does; without it, that history is kept whole.
        </p>
      </form>
      <CollectPanel dirty={dirty} />
    </>
  );
}

const ORDER = ['branch', 'namespace', 'default'] as const;
const ADD = { default: 'Rule for all else', branch: 'Rule for branches', namespace: 'Rule for a namespace' };

interface RuleRowProps {
  readonly draft: RuleDraft;
  /** Saving was tried: what is wrong is said also of what was not filled in yet. */
  readonly tried: boolean;
  readonly onChange: (more: Partial<RuleDraft>) => void;
  readonly onRemove: () => void;
}

function RuleRow({ draft, tried, onChange, onRemove }: RuleRowProps) {
  const { of, name, days, last } = draft;
  const problem = ruleProblem(draft);
  const said = problem !== null && (tried || name.trim() !== '' || of === 'default') ? problem : null;
  const what = of === 'default' ? 'all else' : `${of} ${name}`.trim();
  return (
    <>
      <tr>
        <td className="pt-2">
          {of === 'default' ? (
            <span className="leading-7">All else</span>
          ) : (
            <span className="flex items-center gap-2">
              <span className="w-20 shrink-0 text-ink-2">{of === 'branch' ? 'Branches' : 'Namespace'}</span>
              <TextField
                aria-label={of === 'branch' ? 'Branch' : 'Namespace'}
                placeholder={of === 'branch' ? 'e.g. dev/*' : 'e.g. bronze'}
                value={name}
                onChange={(event) => onChange({ name: event.target.value })}
              />
            </span>
          )}
        </td>
        <td className="pt-2 pl-3">
          <TextField
            aria-label={`Days for ${what}`}
            inputMode="decimal"
            placeholder="–"
            value={days}
            onChange={(event) => onChange({ days: event.target.value })}
            className="text-right"
          />
        </td>
        <td className="pt-2 pl-3">
          <TextField
            aria-label={`Newest commits for ${what}`}
            inputMode="numeric"
            placeholder="–"
            value={last}
            onChange={(event) => onChange({ last: event.target.value })}
            className="text-right"
          />
        </td>
        <td className="pt-2 pl-2">
          <IconButton icon={X} label={`Remove the rule for ${what}`} onClick={onRemove} />
        </td>
      </tr>
      {said !== null && (
        <tr>
          <td colSpan={4} className="pt-1 pl-22 text-xs text-bad" aria-live="polite">
            {said}
          </td>
        </tr>
      )}
    </>
  );
}
