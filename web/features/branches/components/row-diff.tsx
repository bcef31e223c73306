import { Key } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { TableDiff } from '#shared/contract/diff.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { DataGrid } from '#web/components/data-grid/data-grid.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { Popover } from '#web/components/popover.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useRowCounts, useRowDiff, type RowDiffRequest } from '../api/diff.ts';
import { diffLines } from '../model/diff-lines.ts';

interface RowDiffProps {
  readonly table: string;
  readonly source: string;
  readonly target: string;
}

/** Which rows differ: how many first, and the rows themselves once they are wanted. */
export function RowDiff({ table, source, target }: RowDiffProps) {
  const [keys, setKeys] = useState<readonly string[]>();
  const [wanted, setWanted] = useState(false);
  const request: RowDiffRequest = { table, from: target, to: source, keys };
  const counted = useRowCounts(request);
  const rows = useRowDiff(request, wanted);
  const lines = useMemo(() => {
    const [first] = rows.data?.pages ?? [];
    return first === undefined
      ? null
      : diffLines(first.columns, rows.data?.pages.flatMap((page) => page.rows) ?? []);
  }, [rows.data]);
  if (counted.isError) {
    return (
      <ErrorState
        error={counted.error}
        title={`The rows of ${table} could not be compared.`}
        onRetry={() => void counted.refetch()}
      />
    );
  }
  const diff = counted.data;
  const total = diff === undefined ? 0n : sum(diff);
  const loaded = rows.data?.pages.reduce((count, page) => count + page.rows.length, 0) ?? 0;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 pb-2">
        {diff === undefined ? <Skeleton className="h-5 w-80" /> : <Counts diff={diff} />}
        <div className="ml-auto flex items-center gap-2">
          {diff !== undefined && <KeyPicker diff={diff} keys={keys ?? diff.keys} onKeys={setKeys} />}
          {!wanted && total > 0n && (
            <Button small onClick={() => setWanted(true)}>
              Show the rows
            </Button>
          )}
          {rows.hasNextPage && (
            <Button small disabled={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
              {rows.isFetchingNextPage ? 'Loading…' : `More than these ${formatInteger(loaded)}`}
            </Button>
          )}
        </div>
      </div>
      {rows.isError ? (
        <ErrorState
          error={rows.error}
          title="The rows could not be read."
          onRetry={() => void rows.refetch()}
        />
      ) : (
        wanted &&
        total > 0n && (
          <div className="min-h-72 flex-1 border-t">
            {lines === null ? (
              <Skeleton className="m-4 h-48" />
            ) : (
              <DataGrid table={lines.table} toneOf={lines.toneOf} label={`Rows of ${table} that differ`} />
            )}
          </div>
        )
      )}
    </div>
  );
}

function Counts({ diff }: { diff: TableDiff }) {
  const { added, removed, changed } = diff.counts;
  const { before, after } = diff.filesRead;
  return (
    <>
      <Badge tone="good">+ {countOf(added, 'row')} added</Badge>
      <Badge tone="bad">− {countOf(removed, 'row')} removed</Badge>
      {diff.keys.length > 0 && <Badge tone="warn">~ {countOf(changed, 'row')} changed</Badge>}
      <span className="text-xs text-ink-3">
        {countOf(before + after, 'file')} read
        {diff.filesShared > 0 && `, ${formatInteger(diff.filesShared)} that both have not`}
      </span>
    </>
  );
}

interface KeyPickerProps {
  readonly diff: TableDiff;
  readonly keys: readonly string[];
  readonly onKeys: (keys: readonly string[]) => void;
}

/** By which columns rows are taken for the same row. */
function KeyPicker({ diff, keys, onKeys }: KeyPickerProps) {
  return (
    <Popover
      label="Match rows by"
      align="end"
      className="w-64"
      trigger={
        <Button small look="quiet" className="max-w-72">
          <Key aria-hidden className="size-3.5 shrink-0" strokeWidth={1.75} />
          <span className="truncate">{keys.length === 0 ? 'Whole rows' : `By ${keys.join(', ')}`}</span>
        </Button>
      }
    >
      <fieldset className="max-h-80 overflow-y-auto p-1">
        <legend className="px-2 pt-2 pb-1 text-xs text-ink-3">Columns that say which row is which</legend>
        {diff.columns.map(({ name }) => (
          <label key={name} className="row w-full">
            <input
              type="checkbox"
              checked={keys.includes(name)}
              onChange={(event) =>
                onKeys(event.target.checked ? [...keys, name] : keys.filter((each) => each !== name))
              }
              className="accent-(--accent)"
            />
            <span className="truncate" title={name}>
              {name}
            </span>
          </label>
        ))}
      </fieldset>
    </Popover>
  );
}

function sum({ counts }: TableDiff): bigint {
  return BigInt(counts.added) + BigInt(counts.removed) + BigInt(counts.changed);
}
