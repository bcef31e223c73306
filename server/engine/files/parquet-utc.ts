import { constants } from 'node:fs';
import { chmod, copyFile, open } from 'node:fs/promises';
import { childFields } from '#shared/iceberg/schema.ts';
import { isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';
import { readFooterBytes } from './footer-bytes.ts';
import { THRIFT, ThriftCursor } from '#shared/parquet/thrift-cursor.ts';

/*
 * DuckDB has no timestamps of nanoseconds with a time zone: it cuts what Parquet marks as such to microseconds, and
 * writes its TIMESTAMP_NS without the mark. The numbers are the same, and the mark is a byte of the footer: so such
 * files are read from a copy without it, and get it after they are written.
 */

/** Where a file's footer says of a column of nanoseconds whether they are adjusted to UTC. */
interface UtcMark {
  /** Of the byte, in the file. */
  readonly offset: number;
  readonly byte: number;
  readonly utc: boolean;
  readonly fieldId: number | null;
}

/** Whether values of a type may be nanoseconds in UTC, which DuckDB reads from the copy alone. */
export function hasUtcNanoseconds(type: IcebergType): boolean {
  return isPrimitive(type)
    ? type === 'timestamptz_ns'
    : childFields(type).some((field) => hasUtcNanoseconds(field.type));
}

/**
 * Copies a Parquet file that has nanoseconds in UTC as one that has them without a time zone.
 *
 * @returns whether it has any; without, there is no copy
 * @throws CORRUPT_FILE, FILE_NOT_FOUND, naming the file; STORAGE_FULL
 */
export async function copyWithoutUtc(from: string, to: string): Promise<boolean> {
  const marks = (await readMarks(from)).filter(({ utc }) => utc);
  if (marks.length === 0) return false;
  try {
    // Shares the data with the file itself, where the file system can.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, 0o600);
  } catch (error) {
    throw runtimeError(error);
  }
  await setMarks(to, marks, THRIFT.false);
  return true;
}

/**
 * Marks the nanoseconds of a Parquet file that was just written as the UTC that columns of `timestamptz_ns` are in.
 *
 * @param fields what was written, with the ids that the file has
 */
export async function markUtc(path: string, fields: readonly NestedField[]): Promise<void> {
  const ids = new Set<number>();
  const collect = (field: NestedField) => {
    if (field.type === 'timestamptz_ns') ids.add(field.id);
    for (const child of childFields(field.type)) collect(child);
  };
  for (const field of fields) collect(field);
  if (ids.size === 0) return;
  const marks = (await readMarks(path)).filter(({ fieldId }) => fieldId !== null && ids.has(fieldId));
  await setMarks(path, marks, THRIFT.true);
}

async function setMarks(path: string, marks: readonly UtcMark[], value: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    for (const { offset, byte } of marks)
      await file.write(Uint8Array.of((byte & 0xf0) | value), 0, 1, offset);
  } finally {
    await file.close();
  }
}

async function readMarks(path: string): Promise<readonly UtcMark[]> {
  const marks = await readFooterBytes(path, ({ bytes, start }) =>
    marksIn(bytes).map((mark) => ({ ...mark, offset: start + mark.offset })),
  );
  return marks ?? [];
}

/** Field numbers are those of parquet.thrift. @param footer FileMetaData; offsets are in it */
function marksIn(footer: Uint8Array): readonly UtcMark[] {
  const marks: UtcMark[] = [];
  const cursor = new ThriftCursor(footer);
  cursor.struct((field, type) => {
    if (field !== 2 || type !== THRIFT.list) return false;
    cursor.list(() => {
      const mark = readElement(cursor, footer);
      if (mark !== null) marks.push(mark);
    });
    return true;
  });
  return marks;
}

/** A SchemaElement. */
function readElement(cursor: ThriftCursor, footer: Uint8Array): UtcMark | null {
  let fieldId: number | null = null;
  let found: Omit<UtcMark, 'fieldId'> | null = null;
  cursor.struct((field, type) => {
    if (field === 9 && type === 5) {
      fieldId = cursor.int();
      return true;
    }
    if (field !== 10 || type !== THRIFT.struct) return false;
    // LogicalType, of which 8 is TIMESTAMP.
    cursor.struct((kind, inner) => {
      if (kind !== 8 || inner !== THRIFT.struct) return false;
      found = readTimestamp(cursor, footer);
      return true;
    });
    return true;
  });
  return found === null ? null : { ...(found as Omit<UtcMark, 'fieldId'>), fieldId };
}

function readTimestamp(cursor: ThriftCursor, footer: Uint8Array): Omit<UtcMark, 'fieldId'> | null {
  let mark: Omit<UtcMark, 'fieldId'> | null = null;
  let nanoseconds = false;
  cursor.struct((field, type, headerAt) => {
    if (field === 1) mark = { offset: headerAt, byte: footer[headerAt] ?? 0, utc: type === THRIFT.true };
    if (field !== 2 || type !== THRIFT.struct) return false;
    cursor.struct((unit) => {
      if (unit === 3) nanoseconds = true;
      return false;
    });
    return true;
  });
  return nanoseconds ? mark : null;
}
