import { Download } from 'lucide-react';
import type { ExportFormat } from '#shared/contract/exports.ts';
import { Button } from '#web/components/button.tsx';
import { Menu, MenuItem, MenuLabel } from '#web/components/menu.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { cn } from '#web/lib/class-names.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { formatDuration } from '#web/lib/format/durations.ts';
import { useNow } from '#web/lib/use-now.ts';
import { useExport, type ExportSource, type RunningExport } from '../model/use-export.ts';

const FORMATS: readonly { readonly format: ExportFormat; readonly name: string; readonly hint: string }[] = [
  { format: 'csv', name: 'CSV', hint: '.csv' },
  { format: 'parquet', name: 'Parquet', hint: '.parquet' },
  { format: 'xlsx', name: 'Excel', hint: '.xlsx' },
  { format: 'json', name: 'JSON, one array', hint: '.json' },
  { format: 'ndjson', name: 'JSON, a row a line', hint: '.ndjson' },
  { format: 'arrow', name: 'Arrow', hint: '.arrow' },
];

const VARIES = {
  held: 'As they are shown: the query would give others if it ran again.',
  others: 'The query runs again for the file, and gives other rows than are shown.',
} as const;

interface ExportMenuProps {
  readonly source: ExportSource;
  /** "cell 3", for the accessible name. */
  readonly name: string;
}

/** The whole result as a file, in the order and with the filters that are on. */
export function ExportMenu({ source, name }: ExportMenuProps) {
  const { running, start, cancel } = useExport(source);
  if (running !== null) return <Exporting running={running} onCancel={cancel} />;
  return (
    <Menu
      align="end"
      trigger={
        <Button look="quiet" small aria-label={`Export the result of ${name}`}>
          <Download aria-hidden className="size-3.5" strokeWidth={1.75} />
          Export
        </Button>
      }
    >
      <MenuLabel>
        {source.filtered ? 'All rows that the filters keep' : 'All rows, not only those in sight'}
        {source.inTab !== undefined && ', written by this tab'}
      </MenuLabel>
      {source.varies !== undefined && (
        <MenuLabel>
          <span className={cn('block max-w-64', source.varies === 'others' && 'text-warn')}>
            {VARIES[source.varies]}
          </span>
        </MenuLabel>
      )}
      {FORMATS.map(({ format, name: title, hint }) => (
        <MenuItem key={format} onSelect={() => void start(format)}>
          {title} <span className="text-xs text-ink-3">{hint}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

function Exporting({ running, onCancel }: { running: RunningExport; onCancel: () => void }) {
  const { bytes } = running;
  const now = useNow(500);
  const passed = formatDuration(Math.max(0, now - running.startedAt));
  const text =
    bytes.total === 0
      ? `Writing ${running.format} · ${passed}`
      : `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`;
  return (
    <span className="flex items-center gap-2 text-xs text-ink-2" role="status">
      <ProgressBar label="Export" done={bytes.done} total={bytes.total} valueText={text} className="w-16" />
      <span className="tabular-nums">{text}</span>
      <Button small look="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </span>
  );
}
