import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import type { FileReader } from '../../storage/file-io.ts';
import { ThriftCursor } from '#shared/parquet/thrift-cursor.ts';

const MAGIC = 'PAR1';
/** The footer's length and the magic. */
const TAIL = 8;
const I64 = 6;

/**
 * Rows of a Parquet file as its footer counts them: the footer is read from the store, afresh, and nothing else is.
 *
 * @throws CORRUPT_FILE, naming the file, for what is no Parquet file; what `io.read` throws
 */
export async function parquetRowCount(
  io: Pick<FileReader, 'read'>,
  location: string,
  signal?: AbortSignal,
): Promise<bigint> {
  const tail = await io.read(location, { suffix: TAIL }, signal);
  const text = new TextDecoder('latin1').decode(tail.subarray(4));
  if (tail.length < TAIL || text !== MAGIC) throw damaged(location, 'it does not end as a Parquet file does');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const end = await io.read(location, { suffix: length + TAIL }, signal);
  if (end.length < length + TAIL) throw damaged(location, 'its footer is longer than itself');
  const rows = readRows(end.subarray(0, length), location);
  if (rows === null) throw damaged(location, 'its footer does not say how many rows it has');
  return BigInt(rows);
}

/** Field 3 of FileMetaData of parquet.thrift; all is read, so that a footer with damage behind it is found too. */
function readRows(footer: Uint8Array, location: string): number | null {
  const cursor = new ThriftCursor(footer);
  let rows: number | null = null;
  try {
    cursor.struct((field, type) => {
      if (field !== 3 || type !== I64) return false;
      rows = cursor.int();
      return true;
    });
  } catch (error) {
    throw damaged(location, errorMessage(error));
  }
  return rows;
}

function damaged(location: string, why: string): AppError {
  return new AppError('CORRUPT_FILE', `The file ${location} can't be read: ${why}. Restore it.`, {
    context: { path: location },
  });
}
