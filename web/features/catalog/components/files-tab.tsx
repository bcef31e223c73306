import { ChevronRight, FileStack } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ColumnInfo, TableDetail, TableFiles } from '#shared/contract/tables.ts';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { ErrorState } from '#web/components/error-state.tsx';
import { SkeletonTable } from '#web/components/skeleton.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useTableFiles } from '../api/get-table-files.ts';
import { boundText } from '../model/bound-text.ts';
import { DetailCell, DetailRow, DetailTable } from './detail-table.tsx';

type FileInfo = TableFiles['files'][number];

const STEP = 200;
const HEAD = [
  { name: 'Path' },
  { name: 'Format', className: 'w-24' },
  { name: 'Rows', className: 'w-32 text-right' },
  { name: 'Size', className: 'w-28 text-right' },
];

/** Data files of the current snapshot; each opens to the bounds that queries are pruned by. */
export function FilesTab({ table }: { table: TableDetail }) {
  const { expression } = useCurrentRef();
  const files = useTableFiles(table.id, expression);
  const [shown, setShown] = useState(STEP);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(
    () => new Map(table.columns.map((column) => [column.name, column])),
    [table.columns],
  );

  if (files.isError) {
    return (
      <ErrorState
        error={files.error}
        title="The files could not be read."
        onRetry={() => void files.refetch()}
      />
    );
  }
  if (!files.data) return <SkeletonTable rows={10} columns={3} />;
  const all = files.data.files;
  if (all.length === 0) {
    return (
      <EmptyState icon={FileStack} title="No files">
        The table has no rows at this point in its history.
      </EmptyState>
    );
  }
  const toggle = (path: string) => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  return (
    <>
      <DetailTable label={`Files of ${table.id}`} head={HEAD}>
        {all.slice(0, shown).map((file) => (
          <FileRows
            key={file.path}
            file={file}
            columns={columns}
            open={open.has(file.path)}
            onToggle={() => toggle(file.path)}
          />
        ))}
      </DetailTable>
      {shown < all.length && (
        <div className="flex items-center gap-3 px-4 py-3 text-ink-2">
          {formatInteger(shown)} of {countOf(all.length, 'file')}
          <Button onClick={() => setShown(shown + STEP)}>
            Show {formatInteger(Math.min(STEP, all.length - shown))} more
          </Button>
        </div>
      )}
    </>
  );
}

interface FileRowsProps {
  readonly file: FileInfo;
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function FileRows({ file, columns, open, onToggle }: FileRowsProps) {
  const name = file.path.split('/').at(-1) ?? file.path;
  return (
    <>
      <DetailRow>
        <DetailCell>
          <span className="flex min-w-0 items-center gap-1">
            <button
              type="button"
              aria-expanded={open}
              aria-label={`Bounds of ${name}`}
              onClick={onToggle}
              className="flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:text-ink"
            >
              <ChevronRight
                aria-hidden
                className={cn('size-3.5 transition-transform duration-100', open && 'rotate-90')}
              />
            </button>
            <CopyText text={file.path} shown={name} what="path" />
          </span>
        </DetailCell>
        <DetailCell className="text-ink-2">{file.format.toLowerCase()}</DetailCell>
        <DetailCell className="text-right">{formatInteger(file.rows)}</DetailCell>
        <DetailCell className="text-right" title={exactBytes(file.bytes)}>
          {formatBytes(file.bytes)}
        </DetailCell>
      </DetailRow>
      {open && (
        <tr className="border-b">
          <td colSpan={HEAD.length} className="bg-canvas py-2 pr-4 pl-10">
            <Bounds file={file} columns={columns} />
          </td>
        </tr>
      )}
    </>
  );
}

function Bounds({ file, columns }: { file: FileInfo; columns: ReadonlyMap<string, ColumnInfo> }) {
  if (file.bounds.length === 0) return <p className="text-ink-2">The file’s manifest has no bounds.</p>;
  return (
    <table aria-label={`Bounds in ${file.path}`} className="w-full table-fixed text-xs">
      <thead>
        <tr className="text-left text-ink-3">
          <th className="w-48 font-normal">Column</th>
          <th className="font-normal">Lower bound</th>
          <th className="font-normal">Upper bound</th>
          <th className="w-28 text-right font-normal">NULLs</th>
          <th className="w-24 text-right font-normal">Size</th>
        </tr>
      </thead>
      <tbody>
        {file.bounds.map((bound) => {
          const column = columns.get(bound.column);
          const [lower, upper] = [boundText(bound.lower, column), boundText(bound.upper, column)];
          return (
            <tr key={bound.column} className="h-6">
              <td className="truncate pr-4" title={bound.column}>
                {bound.column}
              </td>
              <td className="truncate pr-4 font-mono" title={lower}>
                {lower}
              </td>
              <td className="truncate pr-4 font-mono" title={upper}>
                {upper}
              </td>
              <td className="text-right">{bound.nulls === undefined ? '–' : formatInteger(bound.nulls)}</td>
              <td
                className="text-right"
                title={bound.bytes === undefined ? undefined : exactBytes(bound.bytes)}
              >
                {bound.bytes === undefined ? '–' : formatBytes(bound.bytes)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
