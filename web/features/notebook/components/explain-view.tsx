import type { ReactNode } from 'react';
import type { ExplainedTable, Explanation, PlanStep } from '#shared/contract/explanation.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';

const RUNS: Readonly<Record<Explanation['engine']['choice'], string>> = {
  browser: 'Runs in this tab',
  server: 'Runs on the server',
  cluster: 'Runs on the cluster',
};

/** What EXPLAIN came to: where the query runs, what it reads of which tables, and its steps. */
export function ExplainView({ explanation, name }: { explanation: Explanation; name: string }) {
  const { engine, bytes, held = 0, views = [], passedOver = [], tables, logical, run } = explanation;
  return (
    <div
      className="max-h-[30rem] space-y-4 overflow-auto px-3 py-3"
      role="group"
      aria-label={`Plan of ${name}`}
    >
      <p className="text-ink-2">
        <span className="font-medium text-ink">{RUNS[engine.choice]}</span>: {engine.reason} Reads{' '}
        <Bytes bytes={bytes} />
        {held > 0 && held >= bytes && ', all of it held in this tab'}
        {held > 0 && held < bytes && (
          <>
            , of which this tab holds <Bytes bytes={held} />
          </>
        )}
        .
      </p>
      {views.map(({ table, fresh, reason, insteadOf }) => (
        <p key={table} className="text-ink-2">
          <span className="font-mono text-xs text-ink">{table}</span> is a materialized view;{' '}
          {fresh ? 'its rows are read' : 'its query is read'}
          {insteadOf !== undefined && ` in the place of ${insteadOf.join(', ')}`}, because {reason}.
        </p>
      ))}
      {passedOver.map(({ table, reason }) => (
        <p key={table} className="text-ink-2">
          The materialized view <span className="font-mono text-xs text-ink">{table}</span> is not read in the
          place of its tables: {reason}.
        </p>
      ))}
      {tables.length > 0 && <Tables tables={tables} />}
      {run !== undefined && (
        <Section
          title="As the server ran it"
          note={`${formatDuration(run.milliseconds)}, ${formatInteger(run.rows)} ${run.rows === 1 ? 'row' : 'rows'}, ${formatBytes(run.peakMemoryBytes)} of memory${run.spilledBytes > 0 ? `, ${formatBytes(run.spilledBytes)} spilled to disk` : ''}`}
        >
          <Steps steps={run.steps} label="Measured steps" />
        </Section>
      )}
      <Section title="Plan" note="as the query says it; each step takes its rows from those below it">
        <Steps steps={logical} label="Steps of the plan" />
      </Section>
    </div>
  );
}

function Section({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <section>
      <h4 className="mb-1 flex items-baseline gap-2">
        <span className="font-medium text-ink">{title}</span>
        <span className="text-xs text-ink-3">{note}</span>
      </h4>
      {children}
    </section>
  );
}

const NUMBER = 'py-1 pr-4 text-right tabular-nums whitespace-nowrap';

function Tables({ tables }: { tables: readonly ExplainedTable[] }) {
  return (
    <table className="w-full border-collapse text-left">
      <thead>
        <tr className="border-b text-xs text-ink-3">
          <th className="py-1 pr-4 font-normal">Table</th>
          <th className="py-1 pr-4 text-right font-normal">Files</th>
          <th className="py-1 pr-4 text-right font-normal">Rows</th>
          <th className="py-1 pr-4 font-normal">Columns</th>
          <th className="py-1 font-normal">Left out</th>
        </tr>
      </thead>
      <tbody>
        {tables.map((table, index) => (
          <tr key={index} className="border-b align-top">
            <th scope="row" className="py-1 pr-4 font-mono text-xs font-normal text-ink">
              {table.table}
              {table.snapshotId !== undefined && (
                <span className="block text-ink-3" title={`Snapshot ${table.snapshotId}`}>
                  @ …{table.snapshotId.slice(-6)}
                </span>
              )}
            </th>
            <td className={NUMBER}>
              {formatInteger(table.filesRead)} of {formatInteger(table.filesKnown)}
            </td>
            <td className={NUMBER}>
              {formatInteger(table.rows)}
              {table.deletes !== undefined && (
                <span className="block text-xs text-ink-3">
                  about {formatInteger(table.deletes.rows)} deleted (<Bytes bytes={table.deletes.bytes} />)
                </span>
              )}
            </td>
            <td className="py-1 pr-4">
              <ul className="flex flex-wrap gap-x-3">
                {table.columns.map(({ name, type, bytes }) => (
                  <li key={name} title={type}>
                    <span className="font-mono text-xs text-ink">{name}</span>{' '}
                    <span className="text-xs text-ink-3">
                      <Bytes bytes={bytes} />
                    </span>
                  </li>
                ))}
              </ul>
            </td>
            <td className="py-1 text-ink-2">
              {table.pruning.length === 0
                ? '–'
                : table.pruning.map((line) => (
                    <span key={line} className="block">
                      {line}
                    </span>
                  ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Pixels that a step stands further in than the one it feeds. */
const INDENT = 18;

function Steps({ steps, label }: { steps: readonly PlanStep[]; label: string }) {
  const longest = Math.max(...steps.map(({ milliseconds = 0 }) => milliseconds), Number.MIN_VALUE);
  return (
    <ol aria-label={label}>
      {steps.map(({ depth, name, details, rows, milliseconds }, index) => (
        <li
          key={index}
          aria-label={`Level ${depth + 1}: ${name}`}
          className="flex items-baseline gap-4 border-b border-dashed py-1 last:border-b-0"
        >
          <div className="min-w-0 flex-1" style={{ paddingLeft: depth * INDENT }}>
            <span className="text-ink">{name}</span>
            {details.map((line, at) => (
              <span key={at} className="ml-3 font-mono text-xs break-words text-ink-2">
                {line}
              </span>
            ))}
          </div>
          {rows !== undefined && (
            <span className="shrink-0 text-ink-2 tabular-nums">
              {formatInteger(rows)} {rows === 1 ? 'row' : 'rows'}
            </span>
          )}
          {milliseconds !== undefined && (
            <span className="flex w-36 shrink-0 items-center gap-2 text-ink-2 tabular-nums">
              <span aria-hidden className="h-1.5 flex-1 bg-sunken">
                <span
                  className="block h-full bg-accent"
                  style={{ width: `${(100 * milliseconds) / longest}%` }}
                />
              </span>
              <span className="w-16 text-right">{formatDuration(milliseconds)}</span>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Bytes({ bytes }: { bytes: number }) {
  return <span title={`${formatInteger(bytes)} bytes`}>{formatBytes(bytes)}</span>;
}
