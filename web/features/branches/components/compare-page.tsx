import { ArrowLeftRight, ArrowRight, GitMerge, GitPullRequestArrow } from 'lucide-react';
import { useMemo } from 'react';
import type { RefList } from '#shared/contract/refs.ts';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { TabPanel, Tabs } from '#web/components/tabs.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import type { RowLook } from '#web/lib/row-look.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { useCompare } from '../api/compare-refs.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { ChangesTab } from './changes-tab.tsx';
import { CommitsTab } from './commits-tab.tsx';
import { MergePanel } from './merge-panel.tsx';
import { RefSelect } from '#web/components/refs/ref-select.tsx';

export type CompareTab = 'changes' | 'commits';

/** What is compared, and what of it is looked at; kept in the URL. */
export interface CompareView {
  /** Ref expression of what is merged. */
  readonly source: string;
  /** Branch that it is merged into. */
  readonly target: string;
  readonly tab: CompareTab;
  /** Dotted name of the table whose rows are compared, and which of them are looked at. */
  readonly table: string | undefined;
  readonly rows: RowLook | undefined;
}

interface ComparePageProps extends CompareView {
  readonly list: RefList;
  readonly onView: (view: Partial<CompareView>) => void;
  readonly onCommit: (ref: string, hash: string) => void;
  /** Proposes the merge to others instead. */
  readonly onPropose: () => void;
}

/** What a branch has that another has not, and bringing it there. */
export function ComparePage(props: ComparePageProps) {
  const { list, source, target, tab, onView } = props;
  const branches = list.refs.filter(({ type }) => type === 'BRANCH');
  const ahead = useCompare(target, source);
  const swap = useMemo(
    () =>
      branches.some(({ name }) => name === source)
        ? () => onView({ source: target, target: source, table: undefined, rows: undefined })
        : undefined,
    [branches, source, target, onView],
  );
  useCommands(
    useMemo(
      () =>
        swap === undefined
          ? []
          : [
              {
                id: 'compare.swap',
                title: 'Swap source and target',
                group: 'Branches',
                icon: ArrowLeftRight,
                shortcut: 'Alt+X',
                run: swap,
              },
            ],
      [swap],
    ),
  );
  const same = source === target;

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="flex shrink-0 items-center gap-2 px-4 pt-4 pb-3">
        <h1 className="mr-2 shrink-0 text-base font-semibold">Compare and merge</h1>
        <RefSelect
          label="Source"
          value={source}
          onChange={(next) => onView({ source: next, table: undefined, rows: undefined })}
          refs={list.refs}
          anyPlace
          className="w-60"
        />
        <ArrowRight role="img" aria-label="into" className="size-4 shrink-0 text-ink-3" />
        <RefSelect
          label="Target"
          value={target}
          onChange={(next) => onView({ target: next, table: undefined, rows: undefined })}
          refs={branches}
          className="w-60"
        />
        <IconButton
          icon={ArrowLeftRight}
          label="Swap source and target"
          shortcut="Alt+X"
          disabled={swap === undefined}
          onClick={swap}
        />
        {branches.some(({ name }) => name === source) && !same && (
          <Button onClick={props.onPropose} className="ml-auto">
            <GitPullRequestArrow aria-hidden className="size-4" strokeWidth={1.75} />
            Propose…
          </Button>
        )}
      </header>
      {same ? (
        <EmptyState icon={GitMerge} title="Choose two places to compare" className="flex-1">
          Source and target are both {target}. Choose another source, such as the branch that you worked on.
        </EmptyState>
      ) : ahead.isError ? (
        <ErrorState
          error={ahead.error}
          title={`${shortRef(source)} and ${target} could not be compared.`}
          onRetry={() => void ahead.refetch()}
        />
      ) : (
        <>
          <MergePanel key={`${source} ${target}`} source={source} target={target} compare={ahead.data} />
          <Tabs
            label="What differs"
            value={tab}
            onChange={(next) => onView({ tab: next })}
            tabs={[
              { value: 'changes', label: 'Changes' },
              {
                value: 'commits',
                label: ahead.data === undefined ? 'Commits' : `Commits (${formatInteger(ahead.data.ahead)})`,
              },
            ]}
            className="flex-1"
          >
            <TabPanel value="changes" className="flex flex-col">
              <ChangesTab
                source={source}
                target={target}
                table={props.table}
                onTable={(table) => onView({ table, rows: undefined })}
                rows={props.rows}
                onRows={(rows) => onView({ rows })}
              />
            </TabPanel>
            <TabPanel value="commits">
              <CommitsTab source={source} target={target} ahead={ahead.data} onCommit={props.onCommit} />
            </TabPanel>
          </Tabs>
        </>
      )}
    </div>
  );
}
