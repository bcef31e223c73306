import { AppError } from '#shared/errors/app-error.ts';
import { readFooterBytes } from './footer-bytes.ts';
import { THRIFT, ThriftCursor } from '#shared/parquet/thrift-cursor.ts';

const I64 = 6;

/**
 * Where each row group of a local Parquet file begins, in bytes: with the first page of its first column, a dictionary
 * where there is one.
 *
 * @throws CORRUPT_FILE, naming the file
 */
export async function rowGroupOffsets(path: string): Promise<readonly bigint[]> {
  const offsets = await readFooterBytes(path, ({ bytes }) => offsetsIn(bytes));
  if (offsets !== null) return offsets;
  throw new AppError('CORRUPT_FILE', `The file ${path} does not end as a Parquet file does.`, {
    context: { path },
  });
}

/** Field numbers are those of parquet.thrift. @param footer FileMetaData */
function offsetsIn(footer: Uint8Array): readonly bigint[] {
  const offsets: bigint[] = [];
  const cursor = new ThriftCursor(footer);
  cursor.struct((field, type) => {
    if (field !== 4 || type !== THRIFT.list) return false;
    cursor.list(() => {
      const pages = pagesOfGroup(cursor);
      if (pages.length > 0) offsets.push(BigInt(Math.min(...pages)));
    });
    return true;
  });
  return offsets;
}

/** Of a RowGroup: the first page of each ColumnChunk, by its ColumnMetaData. */
function pagesOfGroup(cursor: ThriftCursor): readonly number[] {
  const pages: number[] = [];
  cursor.struct((field, type) => {
    if (field !== 1 || type !== THRIFT.list) return false;
    cursor.list(() => {
      cursor.struct((part, inner) => {
        if (part !== 3 || inner !== THRIFT.struct) return false;
        cursor.struct((fact, factType) => {
          const isPage = (fact === 9 || fact === 11) && factType === I64;
          if (!isPage) return false;
          const page = cursor.int();
          // A dictionary at 0 is none: that is where the file's magic is.
          if (page > 0) pages.push(page);
          return true;
        });
        return true;
      });
    });
    return true;
  });
  return pages;
}
