import { ChartColumn, Gauge, Plus, SlidersHorizontal, Table2 } from 'lucide-react';
import { useState } from 'react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { Button } from '#web/components/button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { cn } from '#web/lib/class-names.ts';
import { CELL_DRAG } from './cell-frame.tsx';

interface InsertRowProps {
  /** For the accessible names: "after cell 3", "at the top". */
  readonly where: string;
  readonly onInsert: (kind: Cell['kind']) => void;
  /** A cell was dropped here. */
  readonly onDrop: (id: string) => void;
  /** Always in sight, as at the end of the notebook. */
  readonly always?: boolean;
}

const MORE = [
  { kind: 'input', label: 'Input', icon: SlidersHorizontal },
  { kind: 'chart', label: 'Chart', icon: ChartColumn },
  { kind: 'metric', label: 'Metric', icon: Gauge },
  { kind: 'pivot', label: 'Pivot', icon: Table2 },
] as const;

/** Between two cells: adds one there, or takes one that is dropped. Quiet until pointed at or focused. */
export function InsertRow({ where, onInsert, onDrop, always = false }: InsertRowProps) {
  const [over, setOver] = useState(false);
  const look = always ? 'plain' : 'quiet';
  return (
    <div
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(CELL_DRAG)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const id = event.dataTransfer.getData(CELL_DRAG);
        if (id === '') return;
        event.preventDefault();
        onDrop(id);
      }}
      className={cn(
        'group/insert relative flex items-center justify-center',
        always ? 'mt-4 h-8' : 'h-7',
        over &&
          'before:absolute before:inset-x-9 before:top-1/2 before:h-0.5 before:rounded-full before:bg-accent',
      )}
    >
      <div
        className={cn(
          'flex gap-1 transition-opacity duration-100',
          over
            ? 'opacity-0'
            : !always &&
                'opacity-0 group-focus-within/insert:opacity-100 group-hover/insert:opacity-100 has-data-[state=open]:opacity-100',
        )}
      >
        <Button small look={look} aria-label={`Add SQL ${where}`} onClick={() => onInsert('sql')}>
          <Plus aria-hidden className="size-3.5" /> SQL
        </Button>
        <Button small look={look} aria-label={`Add text ${where}`} onClick={() => onInsert('markdown')}>
          <Plus aria-hidden className="size-3.5" /> Text
        </Button>
        <Menu
          trigger={
            <Button small look={look} aria-label={`Add another kind of cell ${where}`}>
              <Plus aria-hidden className="size-3.5" /> More
            </Button>
          }
        >
          {MORE.map(({ kind, label, icon }) => (
            <MenuItem key={kind} icon={icon} onSelect={() => onInsert(kind)}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </div>
  );
}
