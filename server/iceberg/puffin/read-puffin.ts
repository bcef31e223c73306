import { AppError, errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { parseJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { decompressZstdAside } from '../codecs/zstd.ts';
import { JsonNode } from '../metadata/json-node.ts';
import { PUFFIN_MAGIC, type PuffinBlob, type PuffinFooter } from './puffin-file.ts';

/** Payload length, flags and magic number, which end the file. */
const TAIL = 12;
/** What is fetched first: the footers of almost all files fit, so that they take one request. */
const FIRST_READ = 64 * 1024;
/** Far beyond real footers and blobs; stops a length that lies. */
const MAX_FOOTER = 64 * 1024 * 1024;
const MAX_BLOB = 1024 * 1024 * 1024;

/**
 * Reads what a Puffin file says that is in it.
 *
 * @throws CORRUPT_FILE naming file and field; UNSUPPORTED for a footer that is compressed; FILE_NOT_FOUND.
 */
export async function readPuffinFooter(
  io: FileIO,
  location: string,
  signal?: AbortSignal,
): Promise<PuffinFooter> {
  let end = await io.read(location, { suffix: FIRST_READ }, signal);
  const length = footerLength(end, location);
  if (length > end.length && end.length === FIRST_READ)
    end = await io.read(location, { suffix: length }, signal);
  if (length > end.length) damaged(location, `its footer has ${length} bytes, the file only ${end.length}`);
  const footer = end.subarray(end.length - length);
  if (!isMagic(footer.subarray(0, 4))) damaged(location, 'its footer does not begin with PFA1');
  return parseFooter(footer.subarray(4, footer.length - TAIL), location);
}

/**
 * A blob's bytes, decompressed.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED for a codec that cannot be read here; FILE_NOT_FOUND.
 */
export async function readPuffinBlob(
  io: FileIO,
  location: string,
  blob: PuffinBlob,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await io.read(location, { start: blob.offset, end: blob.offset + blob.length }, signal);
  if (bytes.length !== blob.length) damaged(location, `its blob at ${blob.offset} is cut short`);
  if (blob.compressionCodec === undefined) return bytes;
  if (blob.compressionCodec !== 'zstd') {
    throw new AppError(
      'UNSUPPORTED',
      `A blob of ${location} is compressed with '${blob.compressionCodec}'; write it without compression.`,
      { context: { source: location, field: 'compression-codec' } },
    );
  }
  try {
    return await decompressZstdAside(bytes, MAX_BLOB);
  } catch (error) {
    return damaged(location, `the blob at ${blob.offset}: ${errorMessage(error)}`);
  }
}

/** With both of its magic numbers and the tail. */
function footerLength(end: Uint8Array, location: string): number {
  if (end.length < 4 + TAIL || !isMagic(end.subarray(-4))) damaged(location, 'it does not end with PFA1');
  const view = new DataView(end.buffer, end.byteOffset + end.length - TAIL, TAIL);
  const flags = view.getUint32(4, true);
  if (flags === 1) {
    throw new AppError(
      'UNSUPPORTED',
      `The footer of ${location} is compressed with LZ4, which cannot be read; write it without compression.`,
      { context: { source: location, field: 'flags' } },
    );
  }
  if (flags !== 0)
    damaged(location, `its flags are 0x${flags.toString(16)}, of which not all have a meaning`);
  const payload = view.getInt32(0, true);
  if (payload < 0 || payload > MAX_FOOTER) damaged(location, `its footer is said to have ${payload} bytes`);
  return 4 + payload + TAIL;
}

function parseFooter(payload: Uint8Array, location: string): PuffinFooter {
  let json: unknown;
  try {
    json = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (error) {
    damaged(location, `its footer is no JSON: ${errorMessage(error)}`);
  }
  try {
    const node = new JsonNode(json, { name: `The footer of ${location}`, code: 'CORRUPT_METADATA' });
    return {
      blobs: node.get('blobs').list().map(parseBlob),
      properties: node.optional('properties')?.textMap() ?? {},
    };
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError('CORRUPT_FILE', error.message, { context: error.context, cause: error });
  }
}

function parseBlob(node: JsonNode): PuffinBlob {
  const count = (name: string): number => {
    const value = node.get(name).int();
    return value >= 0 && value <= MAX_BLOB * 1024 ? value : node.get(name).fail(`is ${value}`);
  };
  const length = count('length');
  if (length > MAX_BLOB) node.get('length').fail(`is ${length}, more than is read at once`);
  return present({
    type: node.get('type').text(),
    fields: node
      .get('fields')
      .list()
      .map((field) => field.int()),
    snapshotId: node.get('snapshot-id').long(),
    sequenceNumber: node.get('sequence-number').long(),
    offset: count('offset'),
    length,
    compressionCodec: node.optional('compression-codec')?.text(),
    properties: node.optional('properties')?.textMap() ?? {},
  });
}

function isMagic(bytes: Uint8Array): boolean {
  return bytes.length === 4 && PUFFIN_MAGIC.every((byte, index) => bytes[index] === byte);
}

function damaged(location: string, what: string): never {
  throw new AppError('CORRUPT_FILE', `${location} is damaged or no Puffin file: ${what}.`, {
    context: { source: location },
  });
}
