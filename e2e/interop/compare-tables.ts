import { formatValue } from '#shared/iceberg/format-value.ts';
import { indexById } from '#shared/iceberg/schema.ts';
import { isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { ByFieldId } from '#server/iceberg/manifest/data-file.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { decodeValue } from '#server/iceberg/values/single-value.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import type { Report } from './report.ts';

/** What PyIceberg says of a table (read_tables.py). */
export interface TableView {
  readonly schema: readonly { id: number; name: string; type: string; required: boolean }[];
  readonly snapshots: readonly {
    id: string;
    parent: string | null;
    sequenceNumber: string;
    operation: string;
    summary: Record<string, string>;
  }[];
  readonly current: string | null;
  readonly files: readonly Readonly<Record<string, unknown>>[];
}

export function compareTable(report: Report, name: string, { metadata }: LoadedTable, view: TableView): void {
  report.equal(
    `${name}: schema`,
    currentSchema(metadata).fields.map(({ id, name, type, required }) => ({
      id,
      name,
      type: pyType(type),
      required,
    })),
    view.schema,
  );
  report.equal(
    `${name}: snapshots`,
    metadata.snapshots.map((snapshot) => {
      const { operation, ...summary } = snapshot.summary;
      return {
        id: String(snapshot.snapshotId),
        parent: snapshot.parentSnapshotId === undefined ? null : String(snapshot.parentSnapshotId),
        sequenceNumber: String(snapshot.sequenceNumber),
        operation,
        summary: { ...summary },
      };
    }),
    view.snapshots,
  );
  report.equal(`${name}: current snapshot`, String(metadata.currentSnapshotId), view.current);
}

/** Counts and decoded bounds of every data file, as each of us reads them. */
export async function compareMetrics(
  report: Report,
  name: string,
  io: FileIO,
  { metadata }: LoadedTable,
  view: TableView,
): Promise<void> {
  const fields = indexById(currentSchema(metadata));
  const { files } = await planFiles({ io, metadata });
  const counts = (values: ByFieldId<bigint> | undefined) =>
    Object.fromEntries([...(values ?? [])].map(([id, value]) => [id, String(value)]));
  const bounds = (values: ByFieldId<Uint8Array> | undefined) =>
    Object.fromEntries(
      [...(values ?? [])].map(([id, bytes]) => {
        const type = fields.get(id)?.field.type;
        return [id, typeof type === 'string' ? canonicalBound(type, decodeValue(type, bytes)) : null];
      }),
    );
  const described = files.map(({ file }) => ({
    path: file.filePath,
    records: String(file.recordCount),
    size: String(file.fileSizeInBytes),
    columnSizes: counts(file.columnSizes),
    values: counts(file.valueCounts),
    nulls: counts(file.nullValueCounts),
    nans: counts(file.nanValueCounts),
    lower: bounds(file.lowerBounds),
    upper: bounds(file.upperBounds),
  }));
  report.equal(`${name}: metrics of files`, byPath(described), byPath(view.files));
}

function byPath(files: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  return files.toSorted((a, b) => (String(a['path']) < String(b['path']) ? -1 : 1));
}

function canonicalBound(type: string, value: IcebergValue | undefined): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (type === 'uuid') return String(value).replaceAll('-', '');
  if (typeof value === 'bigint' && type.startsWith('decimal')) return formatValue(type, value);
  if (typeof value === 'number' && (type === 'float' || type === 'double') && Number.isFinite(value))
    return value;
  return typeof value === 'boolean' ? value : String(value);
}

/** A type as PyIceberg prints it. */
function pyType(type: IcebergType): string {
  if (isPrimitive(type)) return type;
  switch (type.type) {
    case 'list':
      return `list<${pyType(type.element)}>`;
    case 'map':
      return `map<${pyType(type.key)}, ${pyType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((f) => `${f.id}: ${f.name}: ${f.required ? 'required' : 'optional'} ${pyType(f.type)}`).join(', ')}>`;
  }
}
