import { crc32 } from 'node:zlib';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DataFile } from '../manifest/data-file.ts';
import type { NewPuffinBlob } from '../puffin/write-puffin.ts';
import type { PositionSet } from './position-set.ts';
import { decodeRoaring, encodeRoaring } from './roaring.ts';

const BLOB_TYPE = 'deletion-vector-v1';
/** Reserved field id of a row's position, of which a deletion vector is made. */
const ROW_POSITION_ID = 2147483645;

const MAGIC = 0xd1d33964;
/** Length before and checksum after the magic number and the bitmap. */
const OVERHEAD = 8;
/** Far more than a vector of real files takes (a position takes two bytes at the most), and few enough to hold. */
const MAX_BYTES = 2n ** 31n;

/** A deletion vector as a Puffin blob: its length, a magic number, a 64-bit Roaring bitmap, a CRC-32. */
export function encodeDeletionVector(positions: PositionSet): Uint8Array {
  const bitmap = encodeRoaring(positions);
  const blob = new Uint8Array(bitmap.length + 4 + OVERHEAD);
  const view = new DataView(blob.buffer);
  view.setUint32(0, bitmap.length + 4);
  view.setUint32(4, MAGIC);
  blob.set(bitmap, 8);
  view.setUint32(blob.length - 4, crc32(blob.subarray(4, -4)));
  return blob;
}

/** The blob of a Puffin file that holds the deletion vector of a data file, with what the spec has it say. */
export function deletionVectorBlob(referencedDataFile: string, positions: PositionSet): NewPuffinBlob {
  return {
    type: BLOB_TYPE,
    fields: [ROW_POSITION_ID],
    // Inherited from the commit that adds it.
    snapshotId: -1n,
    sequenceNumber: -1n,
    properties: { 'referenced-data-file': referencedDataFile, cardinality: String(positions.size) },
    bytes: encodeDeletionVector(positions),
  };
}

/**
 * Reads the positions that a deletion vector deletes, from where its manifest says that it is.
 *
 * @throws CORRUPT_FILE naming the file and what is wrong; FILE_NOT_FOUND where it is gone; CORRUPT_METADATA where its
 *   manifest does not say where the vector is.
 */
export async function readDeletionVector(input: {
  readonly io: FileIO;
  readonly file: DataFile;
  readonly signal?: AbortSignal;
}): Promise<PositionSet> {
  const { file } = input;
  const { start, end } = rangeOf(file);
  const blob = await readRange(input, { start, end });
  if (blob.length !== end - start) {
    damaged(file, `it has ${blob.length} bytes from ${start} on, where its vector has ${end - start}`);
  }
  const positions = decodeDeletionVector(blob, file);
  if (BigInt(positions.size) !== file.recordCount) {
    damaged(file, `its vector has ${positions.size} positions, where its manifest says ${file.recordCount}`);
  }
  return positions;
}

function decodeDeletionVector(blob: Uint8Array, file: DataFile): PositionSet {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (view.getUint32(0) !== blob.length - OVERHEAD) {
    damaged(
      file,
      `its vector says that it has ${view.getUint32(0)} bytes, but has ${blob.length - OVERHEAD}`,
    );
  }
  if (view.getUint32(4) !== MAGIC) damaged(file, 'its vector does not begin as one (D1 D3 39 64)');
  if (view.getUint32(blob.length - 4) !== crc32(blob.subarray(4, -4)))
    damaged(file, 'the checksum of its vector does not fit');
  try {
    return decodeRoaring(blob.subarray(8, -4));
  } catch (error) {
    if (!isAppError(error, 'CORRUPT_FILE')) throw error;
    return damaged(file, error.message, error);
  }
}

function rangeOf(file: DataFile): { start: number; end: number } {
  const { contentOffset: offset, contentSizeInBytes: size } = file;
  if (offset === undefined || size === undefined) {
    const field = offset === undefined ? 'content_offset' : 'content_size_in_bytes';
    throw new AppError('CORRUPT_METADATA', `The deletion vector ${file.filePath} has no '${field}'.`, {
      context: { file: file.filePath, field },
    });
  }
  if (
    offset < 0n ||
    offset > BigInt(Number.MAX_SAFE_INTEGER) ||
    size < 12n + BigInt(OVERHEAD) ||
    size > MAX_BYTES
  ) {
    damaged(file, `its manifest says that its vector has ${size} bytes from ${offset} on`);
  }
  return { start: Number(offset), end: Number(offset + size) };
}

async function readRange(
  input: { readonly io: FileIO; readonly file: DataFile; readonly signal?: AbortSignal },
  range: { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  try {
    return await input.io.read(input.file.filePath, range, input.signal);
  } catch (error) {
    if (!isAppError(error, 'FILE_NOT_FOUND')) throw error;
    throw new AppError(
      'FILE_NOT_FOUND',
      `The delete file ${input.file.filePath}, which the table is made of, is gone; restore it, or read another snapshot.`,
      { context: { location: input.file.filePath }, cause: error },
    );
  }
}

function damaged(file: DataFile, what: string, cause?: unknown): never {
  throw new AppError('CORRUPT_FILE', `The deletion vectors in ${file.filePath} are damaged: ${what}.`, {
    context: { file: file.filePath, referencedDataFile: file.referencedDataFile },
    ...(cause === undefined ? {} : { cause }),
  });
}
