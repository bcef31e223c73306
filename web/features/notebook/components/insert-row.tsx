import { Plus } from 'lucide-react';
import type { Cell } from '#shared/contract/notebooks.ts';
import { Button } from '#web/components/button.tsx';
import { cn } from '#web/lib/class-names.ts';

interface InsertRowProps {
  /** For the accessible names: "after cell 3", "at the top". */
  readonly where: string;
  readonly onInsert: (kind: Cell['kind']) => void;
  /** Always in sight, as at the end of the notebook. */
  readonly always?: boolean;
}

/** Between two cells: adds one there. Quiet until pointed at or focused. */
export function InsertRow({ where, onInsert, always = false }: InsertRowProps) {
  return (
    <div className={cn('group/insert flex items-center justify-center', always ? 'mt-4 h-8' : 'h-7')}>
      <div
        className={cn(
          'flex gap-1 transition-opacity duration-100',
          !always && 'opacity-0 group-focus-within/insert:opacity-100 group-hover/insert:opacity-100',
        )}
      >
        <Button
          small
          look={always ? 'plain' : 'quiet'}
          aria-label={`Add SQL ${where}`}
          onClick={() => onInsert('sql')}
        >
          <Plus aria-hidden className="size-3.5" /> SQL
        </Button>
        <Button
          small
          look={always ? 'plain' : 'quiet'}
          aria-label={`Add text ${where}`}
          onClick={() => onInsert('markdown')}
        >
          <Plus aria-hidden className="size-3.5" /> Text
        </Button>
      </div>
    </div>
  );
}
