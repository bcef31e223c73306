import { ArrowRight, GitPullRequestArrow } from 'lucide-react';
import { useState } from 'react';
import type { MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import type { CompareResult } from '#shared/contract/merges.ts';
import type { RefList } from '#shared/contract/refs.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { CommitSummaries } from '#web/components/refs/commit-summaries.tsx';
import { RefSelect } from '#web/components/refs/ref-select.tsx';
import { TabPanel, Tabs } from '#web/components/tabs.tsx';
import type { RowLook } from '#web/lib/row-look.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { usePropose } from '../api/change-merge-request.ts';
import { useMergeRequests } from '../api/list-merge-requests.ts';
import type { RequestSlots } from '../model/request-slots.ts';
import { suggestTitle } from '../model/request-state.ts';
import { RequestForm } from './request-form.tsx';

interface ProposePageProps {
  readonly list: RefList;
  /** Branches, kept in the URL; undefined: none is chosen yet. */
  readonly source: string | undefined;
  readonly target: string;
  readonly onBranches: (branches: { source?: string; target?: string }) => void;
  /** What only the source has; undefined while it is not known. */
  readonly compare: CompareResult | undefined;
  /** What the target asks of each merge request, in words; undefined where it takes other changes too. */
  readonly gate: string | undefined;
  readonly slots: RequestSlots;
  readonly onCommit: (ref: string, hash: string) => void;
  readonly onOpen: (id: number) => void;
}

/** Proposes a merge, with what it would change in sight. */
export function ProposePage(props: ProposePageProps) {
  const { list, source, target, onBranches, compare, gate, slots, onCommit, onOpen } = props;
  const branches = list.refs.filter(({ type }) => type === 'BRANCH');
  const [tab, setTab] = useState<'changes' | 'commits'>('changes');
  const [table, setTable] = useState<string>();
  const [rows, setRows] = useState<RowLook>();
  const propose = usePropose();
  const open = useMergeRequests({ status: 'OPEN', target }).data?.pages.flatMap((page) => page.requests);
  const twin = open?.find((request) => request.source === source);
  const different = source !== undefined && source !== target;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="flex shrink-0 items-center gap-2 px-4 pt-4 pb-3">
        <h1 className="mr-2 shrink-0 text-base font-semibold">Propose a merge</h1>
        <RefSelect
          label="Source"
          value={source ?? 'Choose a branch'}
          onChange={(next) => onBranches({ source: next })}
          refs={branches}
          className="w-60"
        />
        <ArrowRight role="img" aria-label="into" className="size-4 shrink-0 text-ink-3" />
        <RefSelect
          label="Target"
          value={target}
          onChange={(next) => onBranches({ target: next })}
          refs={branches}
          className="w-60"
        />
        {different && compare !== undefined && (
          <span className="min-w-0 truncate text-ink-3">
            {countOf(compare.ahead, 'commit')} ahead, {compare.behind} behind
          </span>
        )}
      </header>
      {!different ? (
        <EmptyState icon={GitPullRequestArrow} title="Choose what to propose" className="flex-1">
          {source === undefined
            ? 'The source is the branch that you worked on; the target is the one that its changes are to land on.'
            : `Source and target are both ${target}. Choose another source.`}
        </EmptyState>
      ) : (
        <>
          <section aria-label="What it says" className="max-w-200 shrink-0 px-4 pb-4">
            {gate !== undefined && (
              <p className="mb-3 text-ink-2">
                {target} takes merge requests alone
                {gate === '' ? '.' : `; each needs ${gate}, whatever you ask for here.`}
              </p>
            )}
            {twin !== undefined && <Twin request={twin} onOpen={() => onOpen(twin.id)} />}
            <RequestForm
              key={source}
              initial={{ title: '', description: '', requiredApprovals: 0, requiredChecks: [] }}
              suggestedTitle={suggestTitle(source, compare?.commits.map(({ message }) => message) ?? [])}
              action={propose.isPending ? 'Proposing…' : 'Propose'}
              icon={<GitPullRequestArrow aria-hidden className="size-4" strokeWidth={1.75} />}
              pending={propose.isPending}
              blocked={compare?.ahead === 0}
              error={propose.error}
              onSubmit={(words) =>
                propose.mutate({ ...words, source, target }, { onSuccess: ({ id }) => onOpen(id) })
              }
            />
          </section>
          <div className="shrink-0 border-t px-4 py-2">{slots.renderDryRun({ source, target })}</div>
          <Tabs
            label="What it brings"
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'changes', label: 'Changes' },
              { value: 'commits', label: compare === undefined ? 'Commits' : `Commits (${compare.ahead})` },
            ]}
            className="min-h-60 flex-1"
          >
            <TabPanel value="changes" className="flex flex-col">
              {slots.renderChanges({
                source,
                target,
                table,
                onTable: (next) => {
                  setTable(next);
                  setRows(undefined);
                },
                rows,
                onRows: setRows,
              })}
            </TabPanel>
            <TabPanel value="commits">
              <CommitSummaries commits={compare?.commits ?? []} onOpen={(hash) => onCommit(source, hash)} />
            </TabPanel>
          </Tabs>
        </>
      )}
    </div>
  );
}

function Twin({ request, onOpen }: { request: MergeRequestInfo; onOpen: () => void }) {
  return (
    <p className="mb-3 rounded-md bg-warn-soft px-3 py-2 text-warn">
      The same merge is proposed already:{' '}
      <button type="button" onClick={onOpen} className="rounded-sm font-medium underline underline-offset-2">
        {request.title} #{request.id}
      </button>
    </p>
  );
}
