import type { KeyboardEvent } from 'react';
import type { RefInfo } from '#shared/contract/refs.ts';
import type { RefActions } from '../model/use-ref-actions.ts';
import { RefRow } from './ref-row.tsx';

interface RefTableProps {
  readonly type: RefInfo['type'];
  readonly refs: readonly RefInfo[];
  readonly base: RefInfo | undefined;
  readonly here: string;
  readonly actions: RefActions;
  readonly onMove: (event: KeyboardEvent) => void;
}

/** Branches, or tags: one line each. */
export function RefTable({ type, refs, base, here, actions, onMove }: RefTableProps) {
  if (refs.length === 0) return null;
  const name = type === 'TAG' ? 'Tags' : 'Branches';
  return (
    <table aria-label={name} className="mb-4 w-full table-fixed border-collapse">
      <thead className="sticky top-0 z-10 bg-surface shadow-[inset_0_-1px_0_var(--line)]">
        <tr className="h-8 text-left text-xs text-ink-3 *:font-normal">
          <th scope="col" className="pl-4">
            {name}
          </th>
          <th scope="col" className="pl-4">
            Last commit
          </th>
          <th scope="col" className="w-36 pl-4">
            Author
          </th>
          <th scope="col" className="w-32 pl-4">
            Moved
          </th>
          <th scope="col" className="w-28 pl-4">
            Commit
          </th>
          <th scope="col" className="w-32 truncate pl-4">
            From {base?.name}
          </th>
          <th scope="col" className="w-12">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {refs.map((ref) => (
          <RefRow
            key={ref.name}
            target={ref}
            base={base}
            here={ref.name === here}
            actions={actions}
            onMove={onMove}
          />
        ))}
      </tbody>
    </table>
  );
}
