import type { RowGroups } from '#shared/contract/plan.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, parsePrimitive, type NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { conjunctsOf, type Conjunct } from '../../iceberg/scan/file-pruner.ts';
import type { FilePlan, PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { ColumnFacts, RowGroup, RowGroupSource } from '../files/row-groups.ts';

/** Beyond that many files a plan would take longer than what it saves. */
const MOST_FILES = 64;
/** Smaller files are read as fast as they are asked. */
const LEAST_BYTES = 64n * 1024n;
/** Where nearly all of a file is read, the whole of it serves other queries too. */
const WORTH_IT = 0.8;

/** What of a file has to be read, where that is not all of it. */
export interface FilePart {
  readonly groups: RowGroups;
  /** Compressed, by field id; see RowGroup. */
  readonly bytes: ReadonlyMap<number, number>;
}

type Found = Pick<FilePlan, 'files' | 'filesKnown' | 'pruning'>;

export interface PrunedGroups extends Found {
  /** By the number of the file; null where all of it is read. */
  readonly parts: readonly (FilePart | null)[];
}

/** Leaves out row groups in which, by their footer's bounds, no row can pass the filter, and files that have no other. */
export async function pruneRowGroups(
  source: RowGroupSource,
  found: Found,
  of: { readonly filter: Expression; readonly schema: Schema; readonly metadata: TableMetadata },
  signal?: AbortSignal,
): Promise<PrunedGroups> {
  const { filter, schema, metadata } = of;
  const whole = { ...found, parts: found.files.map(() => null) };
  if (filter.op === 'true' || found.files.length === 0 || found.files.length > MOST_FILES) return whole;
  const others = metadata.schemas.filter(({ schemaId }) => schemaId !== schema.schemaId).reverse();
  const conjuncts = conjunctsOf(filter, [schema, ...others], metadata.partitionSpecs);
  const asked = fieldsOf(filter);
  const fields = schema.fields.filter(({ id }) => asked.has(id));
  const parts = await Promise.all(
    found.files.map(async ({ file }) => {
      const groups = await groupsOf(source, file, signal);
      return groups && partOf(file, groups, conjuncts, fields);
    }),
  );
  const pairs = found.files.map((planned, at): [PlannedFile, Part | null] => [planned, parts[at] ?? null]);
  const kept = pairs.filter(([, part]) => part?.groups.length !== 0);
  const skipped = parts.reduce((sum, part) => sum + (part ? part.known - part.groups.length : 0), 0);
  if (skipped === 0) return whole;
  const known = parts.reduce((sum, part) => sum + (part?.known ?? 0), 0);
  return {
    files: kept.map(([planned]) => planned),
    filesKnown: found.filesKnown,
    pruning: [...found.pruning, `bounds in the files skip ${skipped} of ${known} row groups`],
    parts: kept.map(([, part]) => part),
  };
}

export interface Part extends FilePart {
  /** Row groups in the file. */
  readonly known: number;
}

/** The first row groups of a file that have so many rows; null where that is not known, or nearly all of it. */
export async function firstRowGroups(
  source: RowGroupSource,
  file: DataFile,
  rows: number,
  signal?: AbortSignal,
): Promise<Part | null> {
  const groups = await groupsOf(source, file, signal);
  return groups && takeGroups(groups, (_, before) => before < rows);
}

async function groupsOf(
  source: RowGroupSource,
  file: DataFile,
  signal?: AbortSignal,
): Promise<readonly RowGroup[] | null> {
  const { fileFormat, fileSizeInBytes, splitOffsets, filePath, recordCount } = file;
  if (fileFormat !== 'PARQUET' || fileSizeInBytes < LEAST_BYTES || splitOffsets?.length === 1) return null;
  const groups = await source.rowGroups(filePath, Number(fileSizeInBytes), signal);
  if (!groups || groups.length < 2) return null;
  // Positions of deleted rows are counted through the file: what it says of itself has to be what the table says.
  const rows = groups.reduce((sum, each) => sum + each.rows, 0);
  return rows === Number(recordCount) ? groups : null;
}

function partOf(
  file: DataFile,
  groups: readonly RowGroup[],
  conjuncts: readonly Conjunct[],
  fields: readonly NestedField[],
): Part | null {
  return takeGroups(groups, (group) => {
    const asFile = groupAsFile(file, group, fields);
    return conjuncts.every((conjunct) => conjunct.matchesFile(asFile));
  });
}

/** @param takes is told the file's rows before the group; null where nearly all are taken */
function takeGroups(
  groups: readonly RowGroup[],
  takes: (group: RowGroup, before: number) => boolean,
): Part | null {
  const kept: RowGroups = [];
  const bytes = new Map<number, number>();
  let start = 0;
  let rows = 0;
  for (const [index, group] of groups.entries()) {
    if (takes(group, start)) {
      kept.push([index, start, group.rows]);
      rows += group.rows;
      for (const [id, size] of group.bytes) bytes.set(id, (bytes.get(id) ?? 0) + size);
    }
    start += group.rows;
  }
  return rows > start * WORTH_IT ? null : { groups: kept, bytes, known: groups.length };
}

/**
 * A row group is pruned as a file is that has its rows alone.
 *
 * @param fields those that the filter is on
 */
function groupAsFile(file: DataFile, { rows, facts }: RowGroup, fields: readonly NestedField[]): DataFile {
  const valueCounts = new Map<number, bigint>();
  const nullValueCounts = new Map<number, bigint>();
  const nanValueCounts = new Map<number, bigint>();
  const lowerBounds = new Map<number, Uint8Array>();
  const upperBounds = new Map<number, Uint8Array>();
  for (const field of fields) {
    const fact = facts.get(field.id);
    if (!fact) continue;
    valueCounts.set(field.id, BigInt(rows));
    if (fact.nulls !== undefined) nullValueCounts.set(field.id, fact.nulls);
    if (!fits(fact, field)) continue;
    if (fact.kind === 'float' || fact.kind === 'double') {
      // Writers differ in what NaN does to bounds.
      if (file.nanValueCounts?.get(field.id) !== 0n) continue;
      nanValueCounts.set(field.id, 0n);
    }
    if (fact.lower) lowerBounds.set(field.id, fact.lower);
    if (fact.upper) upperBounds.set(field.id, fact.upper);
  }
  const counts = { recordCount: BigInt(rows), valueCounts, nullValueCounts, nanValueCounts };
  return { ...file, ...counts, lowerBounds, upperBounds };
}

/** The columns that an expression is on. */
function fieldsOf(filter: Expression, found = new Set<number>()): ReadonlySet<number> {
  if ('fieldId' in filter) found.add(filter.fieldId);
  else if (filter.op === 'not') fieldsOf(filter.child, found);
  else if ('left' in filter) {
    fieldsOf(filter.left, found);
    fieldsOf(filter.right, found);
  }
  return found;
}

/** Whether what the file has can be compared with what the table has, after some widenings. */
function fits({ kind, scale }: ColumnFacts, { type }: NestedField): boolean {
  if (!isPrimitive(type)) return false;
  const wanted = parsePrimitive(type);
  switch (wanted.kind) {
    case 'int':
    case 'long':
      return kind === 'integer';
    case 'timestamp':
    case 'timestamptz':
      return kind === 'timestamp';
    case 'double':
      return kind === 'double' || kind === 'float';
    case 'decimal':
      return kind === 'decimal' && scale === wanted.scale;
    default:
      return kind === wanted.kind;
  }
}
