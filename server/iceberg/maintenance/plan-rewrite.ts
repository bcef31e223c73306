import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { currentSchema, specById } from '../metadata/lookup.ts';
import { partitionKey } from '../scan/partition-key.ts';
import type { PlannedFile } from '../scan/plan-files.ts';
import { binPack } from './bin-pack.ts';
import type { CompactionOptions } from './compaction-options.ts';
import { layersOf } from './file-layers.ts';

/** Files that are rewritten together, all of one partition of the current spec, or all of older specs. */
export interface RewriteGroup {
  readonly files: readonly PlannedFile[];
  /** The rows may be of many partitions, and each has to be found. */
  readonly repartition: boolean;
}

/** How the rows of a rewritten file lie. */
export type RowOrder =
  | { readonly kind: 'as-is' }
  /** By columns, one after the other: `fieldIds` are those whose bounds get narrow by it, the first alone. */
  | { readonly kind: 'sort'; readonly fieldIds: readonly number[]; readonly sortOrderId?: number }
  /** By all columns alike. */
  | { readonly kind: 'cluster'; readonly fieldIds: readonly number[] };

/** Layers of clustered files that are left as they are; one more, and they become one. */
const MAX_LAYERS = 4;

/** Chooses which files of a table's snapshot to write anew, and which of them together. */
export function planRewrite(
  metadata: TableMetadata,
  files: readonly PlannedFile[],
  order: RowOrder,
  options: CompactionOptions,
): readonly RewriteGroup[] {
  const partitions = new Map<string, PlannedFile[]>();
  const old: PlannedFile[] = [];
  for (const planned of files) {
    if (planned.file.specId !== metadata.defaultSpecId) {
      old.push(planned);
      continue;
    }
    const key = partitionKey(planned.file, specById(metadata, planned.file.specId));
    partitions.set(key, [...(partitions.get(key) ?? []), planned]);
  }
  // Files of an older spec are always rewritten: only then do the partitions prune.
  const groups: RewriteGroup[] = binPack(old, options.maxGroupBytes, bytesOf).map((group) => ({
    files: group,
    repartition: true,
  }));
  for (const partition of partitions.values()) {
    for (const group of groupsOf(metadata, partition, order, options))
      groups.push({ files: group, repartition: false });
  }
  return groups;
}

function groupsOf(
  metadata: TableMetadata,
  files: readonly PlannedFile[],
  order: RowOrder,
  options: CompactionOptions,
): readonly (readonly PlannedFile[])[] {
  if (options.rewriteAll) return binPack(files, capacityOf(order, options), bytesOf);
  if (order.kind === 'as-is') {
    const wanted = files.filter((planned) => isMisfit(planned, options));
    return binPack(wanted, capacityOf(order, options), bytesOf).filter((group) => isWorth(group, options));
  }
  const wanted = unordered(metadata, files, order, options);
  return binPack(wanted, options.maxGroupBytes, bytesOf).filter((group) => isWorth(group, options));
}

/** Without an order, files that make one new file are enough for a group. */
function capacityOf(order: RowOrder, options: CompactionOptions): number {
  return order.kind === 'as-is' ? options.targetFileBytes : options.maxGroupBytes;
}

function isMisfit({ file, deletes }: PlannedFile, options: CompactionOptions): boolean {
  const size = Number(file.fileSizeInBytes);
  return (
    size < options.minFileBytes ||
    size > options.maxFileBytes ||
    deletes.length >= options.deleteFileThreshold ||
    file.fileFormat !== 'PARQUET'
  );
}

function isWorth(group: readonly PlannedFile[], options: CompactionOptions): boolean {
  const bytes = group.reduce((sum, planned) => sum + bytesOf(planned), 0);
  return (
    (group.length > 1 && (group.length >= options.minInputFiles || bytes >= options.targetFileBytes * 1.5)) ||
    // Nearly full with small ones: the whole of a new file.
    (group.length > 1 && bytes >= options.minFileBytes) ||
    group.some(
      (planned) =>
        bytesOf(planned) > options.maxFileBytes ||
        planned.deletes.length >= options.deleteFileThreshold ||
        planned.file.fileFormat !== 'PARQUET',
    )
  );
}

/**
 * Files that are not in the order yet: those that overlap with what is in order already, which new data does. What is
 * in order stays, until there are too many layers of it; then those grow together, smallest first, so that a row is
 * rewritten a few times only, however often new data comes.
 */
function unordered(
  metadata: TableMetadata,
  files: readonly PlannedFile[],
  order: Exclude<RowOrder, { kind: 'as-is' }>,
  options: CompactionOptions,
): readonly PlannedFile[] {
  const planned = new Map<DataFile, PlannedFile>(files.map((one) => [one.file, one]));
  const columns = order.kind === 'sort' ? order.fieldIds.slice(0, 1) : order.fieldIds;
  const inOrder = (file: DataFile) =>
    order.kind === 'cluster' || (order.sortOrderId !== undefined && file.sortOrderId === order.sortOrderId);
  const outside = files.filter(({ file }) => !inOrder(file)).map(({ file }) => file);
  const layers = layersOf(
    files.flatMap(({ file }) => (inOrder(file) ? [file] : [])),
    currentSchema(metadata),
    columns,
  );
  const thick = layers.filter((layer) => layer.length > 1);
  const wanted = [...outside, ...layers.filter((layer) => layer.length === 1).flat()];
  // What came is a layer more: to join it with the others in the next run would be to write it twice.
  const more = isWorth(
    wanted.flatMap((file) => planned.get(file) ?? []),
    options,
  );
  if (thick.length + (more ? 1 : 0) > MAX_LAYERS) {
    const [largest = [], ...others] = [...thick].sort((a, b) => sizeOf(b) - sizeOf(a));
    wanted.push(...others.flat());
    if (sizeOf(wanted) * 2 > sizeOf(largest)) wanted.push(...largest);
  }
  const chosen = new Set(wanted);
  for (const { file, deletes } of files) if (deletes.length >= options.deleteFileThreshold) chosen.add(file);
  return [...chosen].flatMap((file) => planned.get(file) ?? []);
}

function bytesOf({ file }: PlannedFile): number {
  return Number(file.fileSizeInBytes);
}

function sizeOf(files: readonly DataFile[]): number {
  return files.reduce((sum, file) => sum + Number(file.fileSizeInBytes), 0);
}
