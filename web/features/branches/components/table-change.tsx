import { X } from 'lucide-react';
import type { CatalogChange, TableDiffSummary } from '#shared/contract/diff.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { RowDiff, type RowDiffProps } from './row-diff.tsx';

interface TableChangeProps extends Omit<RowDiffProps, 'table'> {
  readonly change: CatalogChange;
  readonly onClose: () => void;
}

/** One table's change: its schema and settings, then its rows. */
export function TableChange({ change, onClose, ...rows }: TableChangeProps) {
  return (
    <section
      aria-label={`Change of ${change.key}`}
      className="flex min-h-96 flex-1 flex-col border-t bg-surface"
    >
      <header className="flex shrink-0 items-center gap-2 px-4 pt-2">
        <h2 className="min-w-0 flex-1 truncate font-medium">{change.key}</h2>
        <IconButton icon={X} label="Close" small onClick={onClose} />
      </header>
      {change.table !== undefined && <Shape table={change.table} />}
      <RowDiff {...rows} table={change.key} />
    </section>
  );
}

interface Line {
  readonly mark: '+' | '−' | '~';
  readonly name: string;
  readonly text: string;
}

const MARKS = {
  '+': { className: 'text-good', word: 'added' },
  '−': { className: 'text-bad', word: 'removed' },
  '~': { className: 'text-warn', word: 'changed' },
} as const;

/** Columns, properties, partitioning and order, one line each; nothing where only rows changed. */
function Shape({ table }: { table: TableDiffSummary }) {
  const lines = shapeLines(table);
  if (lines.length === 0) return null;
  return (
    <ul
      aria-label="Schema and settings"
      className="max-h-40 shrink-0 overflow-y-auto px-4 pb-2 font-mono text-xs"
    >
      {lines.map(({ mark, name, text }) => (
        <li key={`${mark} ${name}`} className="flex gap-2 leading-5">
          <span className={MARKS[mark].className}>
            <span aria-hidden>{mark}</span>
            <span className="sr-only">{MARKS[mark].word}</span>
          </span>
          <span className="font-medium">{name}</span>
          <span className="min-w-0 truncate text-ink-2" title={text}>
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

function shapeLines({ schema, properties, partitioning, sortOrder }: TableDiffSummary): Line[] {
  const column = ({ type, required }: { type: string; required: boolean }) =>
    required ? `${type} required` : type;
  const values = [...properties, partitioning, sortOrder].filter((each) => each !== undefined);
  return [
    ...schema.added.map((each): Line => ({ mark: '+', name: each.name, text: column(each) })),
    ...schema.removed.map((each): Line => ({ mark: '−', name: each.name, text: column(each) })),
    ...schema.changed.map(({ before, after }): Line => ({
      mark: '~',
      name: before.name === after.name ? after.name : `${before.name} → ${after.name}`,
      text: column(before) === column(after) ? column(after) : `${column(before)} → ${column(after)}`,
    })),
    ...values.map(({ name, before, after }): Line => {
      const mark = before === null ? '+' : after === null ? '−' : '~';
      const text = mark === '~' ? `${before} → ${after}` : (after ?? before ?? '');
      return { mark, name, text };
    }),
  ];
}
