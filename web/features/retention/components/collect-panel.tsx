import { Recycle, ScanSearch } from 'lucide-react';
import type { GcResult } from '#shared/contract/gc.ts';
import { Button } from '#web/components/button.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useCollect } from '../api/retention.ts';
import { keptForText } from '../model/policy-draft.ts';

/** What the saved rules would let go of now, and letting go of it. */
export function CollectPanel({ dirty }: { dirty: boolean }) {
  const collect = useCollect();
  const { data: report, isPending } = collect;
  return (
    <section aria-label="Garbage collection" className="shrink-0 border-t px-4 py-3">
      <h2 className="font-medium">What is let go of now</h2>
      <p className="max-w-180 text-ink-2">
        Commits beyond the rules expire, and files that nothing kept reaches are removed. Files younger than
        three days stay, and moves younger than thirty days can be undone.
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button disabled={isPending} onClick={() => collect.mutate(true)}>
          <ScanSearch aria-hidden className="size-4" strokeWidth={1.75} />
          Show what would go
        </Button>
        {report?.dryRun === true && (report.files > 0 || report.expiredVersions > 0) && (
          <Button look="danger" disabled={isPending || dirty} onClick={() => collect.mutate(false)}>
            <Recycle aria-hidden className="size-4" strokeWidth={1.75} />
            {report.files > 0
              ? `Remove ${countOf(report.files, 'file')}, ${formatBytes(report.bytes)}`
              : `Let ${countOf(report.expiredVersions, 'version')} expire`}
          </Button>
        )}
        {dirty && <span className="text-warn">Save the rules first: the saved ones count.</span>}
      </div>
      {isPending ? (
        <div className="mt-4 flex max-w-96 flex-col gap-2">
          <ProgressBar label="Looking through history" done={0} total={0} />
          <span className="text-ink-3">Looking through history…</span>
        </div>
      ) : collect.isError ? (
        <ErrorState error={collect.error} title="Garbage was not collected." className="px-0" />
      ) : (
        report !== undefined && <Report report={report} />
      )}
    </section>
  );
}

function Report({ report }: { report: GcResult }) {
  const { dryRun, expiredVersions, keptVersions, keptFor, files, bytes, deletedFiles, reflogEntries } =
    report;
  const kept = keptForText(keptFor);
  const figures = [
    [dryRun ? 'Versions that would expire' : 'Versions expired', formatInteger(expiredVersions), undefined],
    ['Versions kept', formatInteger(keptVersions), kept],
    [dryRun ? 'Files to remove' : 'Files removed', formatInteger(dryRun ? files : deletedFiles), undefined],
    [dryRun ? 'Space to gain' : 'Space gained', formatBytes(bytes), exactBytes(bytes)],
    [dryRun ? 'Moves to forget' : 'Moves forgotten', formatInteger(reflogEntries), undefined],
  ] as const;
  return (
    <output aria-label={dryRun ? 'What would go' : 'What is gone'} className="mt-4 block">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        {figures.map(([label, value, hint]) => (
          <div key={label} title={hint}>
            <dt className="text-xs text-ink-3">{label}</dt>
            <dd className="text-base">{value}</dd>
          </div>
        ))}
      </dl>
      {kept !== '' && <p className="mt-2 text-ink-2">Kept: {kept}.</p>}
      {report.tables.length > 0 && (
        <table aria-label="By table" className="mt-3 w-full max-w-200 table-fixed border-collapse">
          <thead>
            <tr className="h-8 border-b text-left text-xs text-ink-3 *:font-normal">
              <th scope="col">Table</th>
              <th scope="col" className="w-32 text-right">
                Versions
              </th>
              <th scope="col" className="w-32 text-right">
                Files
              </th>
              <th scope="col" className="w-32 text-right">
                Space
              </th>
            </tr>
          </thead>
          <tbody>
            {report.tables.map((each) => (
              <tr key={each.table ?? ''} className="h-7 border-b">
                <th scope="row" className="truncate text-left font-normal" title={each.table ?? undefined}>
                  {each.table ?? <span className="text-ink-3">in the folder of no table</span>}
                </th>
                <td className="text-right">{formatInteger(each.expiredVersions)}</td>
                <td className="text-right">{formatInteger(each.files)}</td>
                <td className="text-right" title={exactBytes(each.bytes)}>
                  {formatBytes(each.bytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </output>
  );
}
