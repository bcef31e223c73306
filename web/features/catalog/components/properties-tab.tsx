import type { TableDetail } from '#shared/contract/tables.ts';
import { CopyText } from '#web/components/copy-text.tsx';
import { DetailCell, DetailRow, DetailTable } from './detail-table.tsx';

const HEAD = [{ name: 'Property', className: 'w-80' }, { name: 'Value' }];

export function PropertiesTab({ table }: { table: TableDetail }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Format', `Iceberg version ${table.formatVersion}`],
    ['UUID', table.uuid],
    ['Location', table.location],
    ['Metadata', table.metadataLocation],
    ['Current snapshot', table.currentSnapshotId ?? 'none'],
    ['Schema id', String(table.schemaId)],
  ];
  const own = Object.entries(table.properties).sort(([a], [b]) => a.localeCompare(b));
  return (
    <DetailTable label={`Properties of ${table.id}`} head={HEAD}>
      {[
        ...facts.map((fact) => [...fact, false] as const),
        ...own.map((each) => [...each, true] as const),
      ].map(([name, value, isOwn]) => (
        <DetailRow key={name}>
          <DetailCell title={name} className={isOwn ? 'font-mono text-xs' : 'text-ink-2'}>
            {name}
          </DetailCell>
          <DetailCell>
            <CopyText text={value} what={name} />
          </DetailCell>
        </DetailRow>
      ))}
    </DetailTable>
  );
}
