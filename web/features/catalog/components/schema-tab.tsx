import type { TableDetail } from '#shared/contract/tables.ts';
import { Badge } from '#web/components/badge.tsx';
import { DetailCell, DetailRow, DetailTable } from './detail-table.tsx';

const HEAD = [
  { name: 'Column', className: 'w-64' },
  { name: 'Iceberg type', className: 'w-56' },
  { name: 'SQL type', className: 'w-56' },
  { name: 'Nulls', className: 'w-28' },
  { name: 'Comment' },
  { name: 'Field id', className: 'w-24 text-right' },
];

export function SchemaTab({ table }: { table: TableDetail }) {
  return (
    <>
      {(table.partitionSpec.length > 0 || table.sortOrder.length > 0) && (
        <div className="flex flex-wrap gap-x-8 gap-y-1 border-b px-4 py-2">
          {table.partitionSpec.length > 0 && (
            <Layout
              name="Partitioned by"
              parts={table.partitionSpec.map((part) => call(part.transform, part.source))}
            />
          )}
          {table.sortOrder.length > 0 && (
            <Layout
              name="Sorted by"
              parts={table.sortOrder.map((part) => `${call(part.transform, part.source)} ${part.direction}`)}
            />
          )}
        </div>
      )}
      <DetailTable label={`Columns of ${table.id}`} head={HEAD}>
        {table.columns.map((column) => (
          <DetailRow key={column.id}>
            <DetailCell title={column.name} className="font-medium">
              {column.name}
            </DetailCell>
            <DetailCell title={column.type} className="font-mono text-xs">
              {column.type}
            </DetailCell>
            <DetailCell title={column.sqlType} className="font-mono text-xs text-ink-2">
              {column.sqlType}
            </DetailCell>
            <DetailCell className="text-ink-2">
              {column.required ? <Badge>never</Badge> : 'allowed'}
            </DetailCell>
            <DetailCell {...(column.doc === undefined ? {} : { title: column.doc })} className="text-ink-2">
              {column.doc}
            </DetailCell>
            <DetailCell className="text-right text-ink-3">{column.id}</DetailCell>
          </DetailRow>
        ))}
      </DetailTable>
    </>
  );
}

function Layout({ name, parts }: { name: string; parts: readonly string[] }) {
  return (
    <p className="text-ink-2">
      {name} <span className="font-mono text-xs text-ink">{parts.join(', ')}</span>
    </p>
  );
}

function call(transform: string, source: string): string {
  if (transform === 'identity') return source;
  const parameter = /^(\w+)\[(\d+)\]$/.exec(transform);
  return parameter ? `${parameter[1]}(${parameter[2]}, ${source})` : `${transform}(${source})`;
}
