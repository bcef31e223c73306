import { useNavigate, useParams } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { ErrorState } from '#web/components/error-state.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { TableTree } from '#web/features/catalog/components/table-tree.tsx';
import { matchesTable } from '#web/features/catalog/model/table-order.ts';
import { cn } from '#web/lib/class-names.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useInsertText } from '#web/lib/insert-text.ts';
import { PanelSection } from './panel-section.tsx';

/** The tables of the current ref, with a filter. */
export function TablesSection() {
  const { expression } = useCurrentRef();
  const tables = useTables(expression);
  const [filter, setFilter] = useState('');
  const [searching, setSearching] = useState(false);
  const navigate = useNavigate();
  const { table: current } = useParams({ strict: false });
  const insert = useInsertText();
  const search = (on: boolean) => {
    setSearching(on);
    setFilter('');
  };

  return (
    <PanelSection
      title="Tables"
      note={tables.data === undefined ? undefined : String(tables.data.tables.length)}
      className="flex min-h-0 flex-1 flex-col"
      actions={
        <IconButton
          icon={Search}
          label="Filter tables"
          small
          aria-pressed={searching}
          onClick={() => search(!searching)}
        />
      }
    >
      {searching && (
        <div className="px-3 pb-2">
          <TextField
            autoFocus
            aria-label="Filter tables and columns"
            placeholder="Table or column…"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && search(false)}
          />
        </div>
      )}
      {tables.isPending ? (
        <SkeletonRows count={6} className="px-2" />
      ) : tables.isError ? (
        <ErrorState
          error={tables.error}
          title="The tables could not be read."
          onRetry={() => void tables.refetch()}
        />
      ) : (
        <div
          className={cn('min-h-0 flex-1 overflow-y-auto px-2 pb-4', tables.isPlaceholderData && 'opacity-60')}
        >
          {![...tables.data.tables, ...tables.data.views].some((table) => matchesTable(table, filter)) && (
            <p className="px-2 text-ink-2">
              {filter === '' ? 'No tables here yet.' : `No table or column is called like “${filter}”.`}
            </p>
          )}
          <TableTree
            list={tables.data}
            filter={filter}
            current={current}
            onOpen={(table) => void navigate({ to: '/catalog/$table', params: { table: table.id } })}
            onInsert={insert}
          />
        </div>
      )}
    </PanelSection>
  );
}
